import { patternSize } from '#common/analysis/pattern-size.ts'
import type { Tensor } from '#common/model/tensor.ts'

/**
 * Mean weight on the keys that follow an earlier copy of the query's token, over the queries that have
 * one. NaN when no token repeats.
 * @param pattern [query, key]; rows sum to 1
 * @param tokens [pos], token ids
 * @throws RangeError when the pattern is not square
 * @source Olsson et al. 2022 (induction heads); mass on k ≤ q with t_{k−1} = t_q
 */
export function inductionScore(pattern: Tensor, tokens: ArrayLike<number>): number {
  const size = patternSize(pattern)
  let sum = 0
  let queries = 0
  for (let query = 1; query < size; query++) {
    let seen = false
    for (let key = 1; key <= query; key++) {
      if (tokens[key - 1] !== tokens[query]) continue
      seen = true
      sum += pattern.data[query * size + key]!
    }
    if (seen) queries++
  }
  return sum / queries
}
