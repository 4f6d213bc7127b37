import type { Tensor } from '../model/tensor.ts'

/**
 * Number of tokens of one head's pattern.
 * @param pattern [query, key]
 * @throws RangeError when the pattern is not square
 */
export function patternSize(pattern: Tensor): number {
  const [queries = 0, keys] = pattern.shape
  if (pattern.shape.length !== 2 || queries !== keys || queries === 0)
    throw new RangeError(`pattern: expected [query, key], got [${pattern.shape.join(', ')}]`)
  return queries
}
