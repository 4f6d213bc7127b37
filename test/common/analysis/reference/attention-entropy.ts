import { patternSize } from '#common/analysis/pattern-size.ts'
import type { Tensor } from '#common/model/tensor.ts'

/**
 * Mean entropy of the queries' attention, in nats: mean_q −Σ_k A ln A. 0 when every query attends to one key.
 * @param pattern [query, key]; rows sum to 1
 * @throws RangeError when the pattern is not square
 * @source Clark et al. 2019, section 3
 */
export function attentionEntropy(pattern: Tensor): number {
  const size = patternSize(pattern)
  let sum = 0
  for (const weight of pattern.data) if (weight > 0) sum -= weight * Math.log(weight)
  return sum / size
}
