import { variable, type Dataset } from '../data/dataset.ts'

/**
 * The experts that take part at a token, the one of the largest weight first.
 * @param result of `experts`
 * @param row of the layer in it
 */
export function expertsAt(
  result: Dataset,
  row: number,
  position: number
): { readonly expert: number; readonly weight: number }[] {
  const [ranks, experts] = [result.axes['rank']!.length, result.axes['expert']!.length]
  const cell = row * result.axes['pos']!.length + position
  const weights = variable(result, 'weight').data
  return Array.from(
    variable(result, 'chosen').data.subarray(cell * ranks, (cell + 1) * ranks),
    expert => ({ expert, weight: weights[cell * experts + expert]! })
  )
}
