import type { Ref } from 'vue'

/** Pixels that a press may move by and be no drag. */
const still = 3

/**
 * Presses of the main button on an element, which become drags.
 * @param begun what a press begins with, which its drag is told
 */
export function usePress<T>(
  root: Ref<HTMLElement | null>,
  on: {
    readonly begun: (event: PointerEvent) => T
    /** The pointer moves while nothing is pressed. */
    readonly hovered: (event: PointerEvent) => void
    /** By pixels since the press. */
    readonly dragged: (start: T, right: number, down: number, event: PointerEvent) => void
    readonly ended: (start: T, wasDrag: boolean, event: PointerEvent) => void
    /** The press was taken away, by a gesture of the system's. */
    readonly gone: (start: T | null) => void
  }
) {
  let pressed: { x: number; y: number; dragged: boolean; start: T } | null = null
  return {
    onDown: (event: PointerEvent) => {
      if (event.button !== 0) return
      root.value!.setPointerCapture(event.pointerId)
      const { clientX: x, clientY: y } = event
      pressed = { x, y, dragged: false, start: on.begun(event) }
    },
    onMove: (event: PointerEvent) => {
      if (pressed === null) {
        on.hovered(event)
        return
      }
      const [right, down] = [event.clientX - pressed.x, event.clientY - pressed.y]
      pressed.dragged ||= Math.hypot(right, down) > still
      if (pressed.dragged) on.dragged(pressed.start, right, down, event)
    },
    onUp: (event: PointerEvent) => {
      if (pressed === null) return
      const { dragged, start } = pressed
      pressed = null
      on.ended(start, dragged, event)
    },
    onGone: () => {
      const start = pressed?.start ?? null
      pressed = null
      on.gone(start)
    }
  }
}
