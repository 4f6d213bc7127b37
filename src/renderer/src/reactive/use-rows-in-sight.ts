import { computed, ref, type Ref } from 'vue'
import { useSize } from './use-size.ts'

/** Rows that are drawn beyond what is seen, so that scrolling shows no gap. */
const beyond = 4

/**
 * Which of many rows of one height a box that scrolls shows: the others are not drawn.
 * @param body the box
 * @param rowHeight in CSS pixels
 * @param heading of what covers the first rows in it, in CSS pixels
 */
export function useRowsInSight<T>(
  body: Ref<HTMLElement | null>,
  rows: () => readonly T[],
  rowHeight: number,
  heading = 0
) {
  const top = ref(0)
  const room = useSize(body)
  const first = computed(() => Math.max(0, Math.floor(top.value / rowHeight) - beyond))
  const shown = computed(() =>
    rows().slice(first.value, Math.ceil((top.value + room.value.height) / rowHeight) + beyond)
  )

  /** What the box says as it scrolls. */
  function onScroll(): void {
    top.value = body.value?.scrollTop ?? 0
  }

  /** Brings a row into sight. */
  function bring(row: number): void {
    const view = body.value
    if (!view || row < 0) return
    const from = row * rowHeight
    const seen = view.clientHeight - heading
    if (from < view.scrollTop) view.scrollTop = from
    else if (from + rowHeight > view.scrollTop + seen) view.scrollTop = from + rowHeight - seen
    onScroll()
  }

  return { first, shown, onScroll, bring }
}
