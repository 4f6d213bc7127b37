import { patternSize } from '#common/analysis/pattern-size.ts'
import type { Tensor } from '#common/model/tensor.ts'

/**
 * Mean distance between query and key, in tokens, weighted by attention: Σ A·|q − k| / Σ A.
 * @param pattern [query, key]; rows sum to 1
 * @throws RangeError when the pattern is not square
 * @source Vig & Belinkov 2019, section 4.3
 */
export function attentionDistance(pattern: Tensor): number {
  const size = patternSize(pattern)
  let distance = 0
  let total = 0
  for (let query = 0; query < size; query++)
    for (let key = 0; key < size; key++) {
      const weight = pattern.data[query * size + key]!
      distance += weight * Math.abs(query - key)
      total += weight
    }
  return distance / total
}
