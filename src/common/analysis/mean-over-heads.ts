import type { Tensor } from '../model/tensor.ts'

/**
 * The mean of the patterns of a layer's heads, summed in float64.
 * @param pattern [head, query, key]
 * @returns [query, key]
 */
export function meanOverHeads({ shape, data }: Tensor): Tensor {
  const [heads = 0, queries = 0, keys = 0] = shape
  const cells = queries * keys
  const mean = new Float32Array(cells)
  for (let cell = 0; cell < cells; cell++) {
    let sum = 0
    for (let head = 0; head < heads; head++) sum += data[head * cells + cell]!
    mean[cell] = sum / heads
  }
  return { shape: [queries, keys], data: mean }
}
