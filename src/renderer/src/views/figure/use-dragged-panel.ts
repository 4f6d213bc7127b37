import { onBeforeUnmount, ref, type Ref } from 'vue'

/** A panel that is carried over another, whose place it takes where it is let go. */
export interface DraggedPanel {
  readonly id: string
  /** Null over none and over itself. */
  readonly over: string | null
}

/** A hand that trembles, in CSS pixels, drags nothing. */
const leastWay = 4

/**
 * Panels that are dragged to each other's place; Escape lets go of one where it was.
 * @param root around elements that name their panel in `data-panel`
 * @param drop moves one to the place of another, both by their ids
 */
export function useDraggedPanel(
  root: Readonly<Ref<HTMLElement | null>>,
  drop: (id: string, onto: string) => void
) {
  const dragged = ref<DraggedPanel | null>(null)
  let from: { id: string; x: number; y: number } | null = null

  function start(id: string, { button, isPrimary, clientX, clientY }: PointerEvent): void {
    if (button !== 0 || !isPrimary) return
    end()
    from = { id, x: clientX, y: clientY }
    addEventListener('pointermove', follow)
    addEventListener('pointerup', letGo)
    addEventListener('pointercancel', end)
    addEventListener('keydown', onKey, true)
  }
  function follow({ clientX, clientY }: PointerEvent): void {
    if (!from) return
    const { id, x, y } = from
    if (dragged.value === null && Math.hypot(clientX - x, clientY - y) < leastWay) return
    const under = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-panel]')
    const over = under && root.value?.contains(under) ? under : null
    // One that is half hidden comes into sight, so that those after it can be reached.
    over?.scrollIntoView({ block: 'nearest' })
    const onto = over?.dataset['panel'] ?? null
    dragged.value = { id, over: onto === id ? null : onto }
  }
  function letGo(): void {
    const { id, over } = dragged.value ?? { id: '', over: null }
    end()
    if (over !== null) drop(id, over)
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || dragged.value === null) return
    event.preventDefault()
    event.stopPropagation()
    end()
  }
  function end(): void {
    from = null
    dragged.value = null
    removeEventListener('pointermove', follow)
    removeEventListener('pointerup', letGo)
    removeEventListener('pointercancel', end)
    removeEventListener('keydown', onKey, true)
  }
  onBeforeUnmount(end)

  return { dragged, start }
}

/** On which side of a panel another that is dragged comes to stand; null where none is over it. */
export function dropSide(
  ids: readonly string[],
  id: string,
  dragged: DraggedPanel | null
): 'before' | 'after' | null {
  if (dragged?.over !== id) return null
  return ids.indexOf(dragged.id) < ids.indexOf(id) ? 'after' : 'before'
}
