import { nextTick, watch } from 'vue'
import { useWindow } from '../stores/window.ts'

/** Gives the focus to the panel that lies over the views, and back to what had it before. */
export function usePanelFocus(): void {
  const panels = useWindow()
  let before: Element | null = null
  watch(
    () => panels.over,
    async (now, last) => {
      const { activeElement, body } = document
      if (last === null) before = activeElement
      const isFree = activeElement === body || activeElement?.closest('.slot.over')
      await nextTick()
      if (now !== null) {
        const slot = document.querySelector<HTMLElement>('.slot.over')
        if (!slot?.contains(document.activeElement)) slot?.focus()
      } else if (isFree && before instanceof HTMLElement) before.focus()
    }
  )
}
