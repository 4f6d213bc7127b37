import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { Run } from '#common/contract/schemas.ts'
import { useRunDirection } from '../reactive/use-reading-direction.ts'
import { selectedPositions } from '../reactive/selected-objects.ts'
import type { ViewSubject } from '../reactive/use-subject.ts'
import type { GridPlace } from './moved-cell.ts'

/** What a view of layers over the tokens of a run has in common with the window. */
export interface TokenGridState {
  /** Places are of the run that is drawn only while that is the newest. */
  readonly linked: ComputedRef<boolean>
  /** Whether tokens run from right to left. */
  readonly mirrored: ComputedRef<boolean>
  /** The token that is selected, else the last one. */
  readonly position: ComputedRef<number>
  /** Where the view itself is pointed at. */
  readonly pointed: Ref<GridPlace | null>
  /** The token that is pointed at anywhere, in the row that is pointed at here, else that of the cursor. */
  readonly hover: ComputedRef<GridPlace | null>
  /** Columns of tokens that are selected together. */
  readonly among: ComputedRef<ReadonlySet<number>>
  /** Points at a place of the grid, here and elsewhere. */
  readonly point: (place: GridPlace | null) => void
}

/**
 * @param run the one that is drawn; none before it is there
 * @param columns how many tokens are drawn
 * @param row that of the cursor
 */
export function useTokenGrid(
  subject: () => ViewSubject,
  run: () => Run | null | undefined,
  columns: () => number,
  row: () => number
): TokenGridState {
  const linked = computed(() => run()?.id === subject().run?.id)
  const mirrored = useRunDirection(run)
  const position = computed(() => {
    const last = columns() - 1
    return Math.min((linked.value ? subject().cell?.query : null) ?? last, last)
  })
  const pointed = ref<GridPlace | null>(null)
  const hover = computed(() => {
    const { hover } = subject()
    const column = linked.value ? (hover?.query ?? hover?.key) : null
    if (column == null || column >= columns()) return null
    return { row: pointed.value?.row ?? row(), column }
  })
  const among = computed(() => selectedPositions(subject(), linked.value))
  function point(place: GridPlace | null): void {
    pointed.value = place
    if (linked.value) subject().point(place && { query: place.column, key: null })
  }
  return { linked, mirrored, position, pointed, hover, among, point }
}
