import { onBeforeUnmount, shallowRef, watch, type Ref } from 'vue'

/** Room in CSS pixels. */
export interface Room {
  readonly width: number
  readonly height: number
}

/**
 * The room within an element, its padding included, now and as that changes; of none until it is seen. In a tab that is
 * not shown there is none to measure: it stays.
 */
export function useSize(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<Room>> {
  const size = shallowRef<Room>({ width: 0, height: 0 })
  const observer = new ResizeObserver(() => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = element.value ?? {}
    if (width > 0 && height > 0) size.value = { width, height }
  })
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) observer.observe(now)
    },
    { immediate: true }
  )
  onBeforeUnmount(() => observer.disconnect())
  return size
}
