import type { Tensor } from '../model/tensor.ts'

/**
 * The pattern of a head that attends to everything it may see alike: the baseline of every head score.
 * @returns [query, key]; rows sum to 1
 */
export function uniformPattern(size: number, causal: boolean): Tensor {
  const data = new Float32Array(size * size)
  for (let query = 0; query < size; query++) {
    const visible = causal ? query + 1 : size
    data.fill(1 / visible, query * size, query * size + visible)
  }
  return { shape: [size, size], data }
}
