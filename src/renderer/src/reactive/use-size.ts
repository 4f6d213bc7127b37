import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'

/** Room in CSS pixels. */
export interface Room {
  readonly width: number
  readonly height: number
}

/** The room within an element, now and as that changes; of none until it is seen. In a tab that is not shown it stays. */
export function useSize(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<Room>> {
  const size = shallowRef<Room>({ width: 0, height: 0 })
  const observer = new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {}
    if (width > 0 && height > 0) size.value = { width, height }
  })
  onMounted(() => observer.observe(element.value!))
  onBeforeUnmount(() => observer.disconnect())
  return size
}
