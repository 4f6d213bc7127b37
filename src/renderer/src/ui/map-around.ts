import { matrixOf } from '#common/analysis/tensor-map/matrix-view.ts'
import { wholeRegion, type Region } from '#common/analysis/tensor-map/region.ts'

/** Rows, or columns, that are shown before and after those that are meant. */
const around = 12

/**
 * What the view of a tensor is set to, so that its map shows some rows, or columns, with their neighbours.
 * @param last the first alone, where it is not told
 */
export function mapAround(
  shape: readonly number[],
  along: keyof Region,
  first: number,
  last = first
): { readonly form: 'map'; readonly regions: readonly [Region] } {
  const whole = matrixOf(shape)
  const extent = [Math.max(0, first - around), Math.min(whole[along], last + around + 1)] as const
  return { form: 'map', regions: [{ ...wholeRegion(whole), [along]: extent }] }
}
