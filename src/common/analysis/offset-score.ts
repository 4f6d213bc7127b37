import { patternSize } from './pattern-size.ts'
import type { Tensor } from '../model/tensor.ts'

/**
 * Mean weight on the key `offset` tokens before the query, over the queries that have one: 0 is the
 * token itself, 1 the previous token. NaN when no query has one.
 * @param pattern [query, key]; rows sum to 1
 * @throws RangeError when the pattern is not square
 * @source mean over q of A[q, q − offset], as HeadVis and TransformerLens score previous-token heads
 */
export function offsetScore(pattern: Tensor, offset: number): number {
  const size = patternSize(pattern)
  let sum = 0
  for (let query = offset; query < size; query++)
    sum += pattern.data[query * size + query - offset]!
  return sum / Math.max(0, size - offset)
}
