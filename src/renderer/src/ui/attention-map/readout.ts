import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { sees, visibleKeys, type Visibility } from '#common/model/visibility.ts'

/** What is said of one cell of a pattern. */
export interface Readout {
  /** Null where the cell is masked or hidden. */
  readonly weight: number | null
  /** What a head that attends to all that the query sees alike would give; null where that is not known. */
  readonly uniform: number | null
  /** Why there is no weight. */
  readonly masked: string
}

/**
 * Reads one cell.
 * @param pattern [query, key], of `size` each
 * @param firstHidden whether the first key is left out, and each row is of what is left of it
 */
export function readoutOf(
  pattern: Float32Array,
  size: number,
  visibility: Visibility | null,
  query: number,
  key: number,
  firstHidden = false
): Readout {
  const row = pattern.subarray(query * size, (query + 1) * size)
  const masked =
    (visibility && whyMasked(visibility, query, key)) ?? (firstHidden ? whyHidden(row, key) : null)
  if (masked !== null) return { weight: null, uniform: null, masked }
  const uniform = visibility && 1 / seenKeys(visibility, query, size, firstHidden)
  return { weight: row[key]!, uniform, masked: '' }
}

/**
 * Whether rows of patterns lack what attention sinks take: the model has such, and rows are as its softmax gave them.
 * @param layer that of the pattern; where it is left out, of several
 */
export function hasSinks({ scores }: ModelInfo, { source }: Run, layer?: number): boolean {
  const own = layer === undefined ? scores : scores?.slice(layer, layer + 1)
  const isEdited = source.edits.some(({ hook }) => hook.endsWith('attn.hook_pattern'))
  return !isEdited && (own?.some(({ sinks = false }) => sinks) ?? false)
}

/**
 * What a row leaves to the attention sink, which is no key.
 * @param pattern [query, key], of `size` each
 */
export function sinkOf(pattern: Float32Array, size: number, query: number): number {
  const row = pattern.subarray(query * size, (query + 1) * size)
  return Math.max(0, 1 - row.reduce((sum, weight) => sum + weight, 0))
}

function whyMasked(visibility: Visibility, query: number, key: number): string | null {
  if (sees(visibility, query, key)) return null
  if (visibility.causal && key > query) return 'masked: a query does not see later keys'
  return `masked: more than ${visibility.reach} away, beyond the window`
}

function whyHidden(row: Float32Array, key: number): string | null {
  if (key === 0) return 'hidden: rows are of the other tokens'
  const isEmpty = row.every(weight => weight === 0)
  return isEmpty ? 'nothing left: all of the row is on the first token' : null
}

function seenKeys(
  visibility: Visibility,
  query: number,
  size: number,
  firstHidden: boolean
): number {
  const { start, end } = visibleKeys(visibility, query, size)
  return end - Math.max(start, firstHidden ? 1 : 0)
}
