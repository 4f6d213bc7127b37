import { patternSize } from '#common/analysis/pattern-size.ts'
import type { Tensor } from '#common/model/tensor.ts'

/**
 * Mean weight on the first token over all queries: Σ_q A[q, 0] / n. Above 0.3 the first token is
 * commonly called a sink of this head.
 * @param pattern [query, key]; rows sum to 1
 * @throws RangeError when the pattern is not square
 * @source Gu et al. 2024, "When Attention Sink Emerges in Language Models", α_k at k = 0
 */
export function sinkScore(pattern: Tensor): number {
  const size = patternSize(pattern)
  let sum = 0
  for (let query = 0; query < size; query++) sum += pattern.data[query * size]!
  return sum / size
}
