import { onBeforeUnmount, watch, type Ref } from 'vue'

/**
 * Tells when an element is in sight, once for each of what it shows: one in a tab that is not shown, or scrolled away, is not.
 * @param of what the element shows
 */
export function useSight<T>(
  element: Readonly<Ref<HTMLElement | null>>,
  of: () => T,
  seen: (of: T) => void
): void {
  const observer = new IntersectionObserver(entries => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) seen(of())
  })
  watch(
    [element, of],
    ([now]) => {
      // What is observed anew is told of anew.
      observer.disconnect()
      if (now) observer.observe(now)
    },
    { immediate: true, flush: 'post' }
  )
  onBeforeUnmount(() => observer.disconnect())
}
