import { extentOfRows, orUnit, spanning } from '#common/figure/heat-map-pixels.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import type { Visibility } from '#common/model/visibility.ts'
import { nextTurn } from '../../reactive/next-turn.ts'

/** So many take a few milliseconds. */
const cellsATurn = 2 ** 20

/**
 * The lowest and the highest weight of a pattern, for which a long one takes several turns of the window's thread.
 * @param values [query, key], of `size` each
 * @param firstHidden whether the first key is left out
 */
export async function extentInTurns(
  values: Float32Array,
  size: number,
  visibility: Visibility | null,
  firstHidden: boolean
): Promise<ValueRange> {
  const rows = Math.max(1, Math.floor(cellsATurn / size))
  const ranges: ValueRange[] = []
  for (let from = 0; from < size; from += rows) {
    if (from > 0) await nextTurn()
    const part = { from, to: Math.min(size, from + rows) }
    ranges.push(extentOfRows(values, size, size, visibility, firstHidden, part))
  }
  return orUnit(spanning(ranges))
}
