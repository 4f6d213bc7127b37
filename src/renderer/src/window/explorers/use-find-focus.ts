import { watch, type ShallowRef } from 'vue'
import { useWindow } from '../../stores/window.ts'

/** Gives the focus to an explorer's search field when the explorer is asked for by a key or a command. */
export function useFindFocus(
  field: Readonly<ShallowRef<HTMLElement | null>>,
  isFree: () => boolean = () => true
): void {
  const panels = useWindow()
  watch(
    () => panels.findFocus,
    count => {
      if (count > 0 && isFree()) field.value?.focus()
    },
    { immediate: true, flush: 'post' }
  )
}
