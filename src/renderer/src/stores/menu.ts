import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** One line of a menu. */
export interface MenuEntry {
  readonly title: string
  /** Those of a section stand together. */
  readonly section: string
  readonly note?: string | undefined
  run(): void
}

/** Entries one level down, whose sections are called by their names. */
export interface SubMenu {
  readonly title: string
  readonly section: string
  readonly entries: readonly MenuEntry[]
}
export type MenuItem = MenuEntry | SubMenu

/** All entries, those of a level down by their whole names. */
export function allEntries(items: readonly MenuItem[]): MenuEntry[] {
  return items.flatMap(item =>
    'run' in item
      ? [item]
      : item.entries.map(entry => ({
          ...entry,
          section: item.section,
          title: `${item.title} ${entry.title.toLowerCase()}`
        }))
  )
}

/** Items by their sections, in the order in which these come first. */
export function bySection<I extends MenuItem>(items: readonly I[]): [string, readonly I[]][] {
  return [...Map.groupBy(items, ({ section }) => section)]
}

export interface OpenMenu {
  /** What it is of. */
  readonly title: string
  readonly entries: readonly MenuItem[]
  /** Whether its sections are called by their names. */
  readonly named: boolean
  /** Where it opens, in pixels of the window. */
  readonly x: number
  readonly y: number
  /** What had the focus before, and gets it back. */
  readonly from: Element | null
}

/** The menu of an object, wherever it was asked for. */
export const useMenu = defineStore('menu', () => {
  const shown = shallowRef<OpenMenu | null>(null)

  /** Opens a menu where an event happened: at the pointer, or at what has the focus. */
  function show(
    event: MouseEvent,
    title: string,
    entries: readonly MenuItem[],
    { named = false } = {}
  ): void {
    event.preventDefault()
    const { target, clientX, clientY } = event
    const byKey = clientX === 0 && clientY === 0 && target instanceof Element
    const box = byKey ? target.getBoundingClientRect() : null
    const from = document.activeElement
    shown.value = {
      title,
      entries,
      named,
      x: box?.left ?? clientX,
      y: box?.bottom ?? clientY,
      from
    }
  }

  return { shown, show }
})
