import { visibleKeys, type Visibility } from '#common/model/visibility.ts'

/** What is said of one cell of a pattern. */
export interface Readout {
  /** Null where the cell is masked. */
  readonly weight: number | null
  /** What a head that attends to all that the query sees alike would give; null where that is not known. */
  readonly uniform: number | null
  /** Why there is no weight. */
  readonly masked: string
}

/**
 * Reads one cell.
 * @param pattern [query, key], of `size` each
 */
export function readoutOf(
  pattern: Float32Array,
  size: number,
  visibility: Visibility | null,
  query: number,
  key: number
): Readout {
  const weight = pattern[query * size + key]!
  if (visibility === null) return { weight, uniform: null, masked: '' }
  const { start, end } = visibleKeys(visibility, query, size)
  if (key >= start && key < end) return { weight, uniform: 1 / (end - start), masked: '' }
  const later = visibility.causal && key > query
  const masked = later
    ? 'masked: a query does not see later keys'
    : `masked: more than ${visibility.reach} away, beyond the window`
  return { weight: null, uniform: null, masked }
}
