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

export interface OpenMenu {
  /** What it is of. */
  readonly title: string
  readonly entries: readonly MenuEntry[]
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
  function show(event: MouseEvent, title: string, entries: readonly MenuEntry[]): void {
    event.preventDefault()
    const { target, clientX, clientY } = event
    const byKey = clientX === 0 && clientY === 0 && target instanceof Element
    const box = byKey ? target.getBoundingClientRect() : null
    const from = document.activeElement
    shown.value = { title, entries, x: box?.left ?? clientX, y: box?.bottom ?? clientY, from }
  }

  return { shown, show }
})
