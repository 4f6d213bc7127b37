import type { Tensor } from '../model/tensor.ts'
import { visibleKeys, type Visibility } from '../model/visibility.ts'

/**
 * The pattern of a head that attends to everything it may see alike: the baseline of every head score.
 * @returns [query, key]; rows sum to 1
 */
export function uniformPattern(size: number, visibility: Visibility): Tensor {
  const data = new Float32Array(size * size)
  for (let query = 0; query < size; query++) {
    const { start, end } = visibleKeys(visibility, query, size)
    data.fill(1 / (end - start), query * size + start, query * size + end)
  }
  return { shape: [size, size], data }
}
