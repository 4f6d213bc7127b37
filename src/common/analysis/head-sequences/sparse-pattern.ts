/** The largest weights of each row of a pattern. */
export interface SparsePattern {
  /** [entry], query · tokens + key, ascending. */
  readonly indices: Int32Array
  /** [entry] */
  readonly weights: Float32Array
}

/**
 * @param pattern [query, key], from `from` on
 * @param size tokens
 * @param most of a row
 * @param least what a weight has at least
 */
export function sparsePattern(
  pattern: Float32Array,
  from: number,
  size: number,
  most: number,
  least: number
): SparsePattern {
  const indices: number[] = []
  for (let query = 0; query < size; query++) {
    /** Keys of the largest weights, the largest first; of equal ones the earlier. */
    const keys: number[] = []
    const row = from + query * size
    for (let key = 0; key < size; key++) {
      const weight = pattern[row + key]!
      if (!(weight >= least)) continue
      const at = keys.findIndex(other => weight > pattern[row + other]!)
      if (at < 0 && keys.length === most) continue
      keys.splice(at < 0 ? keys.length : at, 0, key)
      keys.length = Math.min(keys.length, most)
    }
    for (const key of keys.sort((a, b) => a - b)) indices.push(query * size + key)
  }
  return {
    indices: Int32Array.from(indices),
    weights: Float32Array.from(indices, index => pattern[from + index]!)
  }
}

/** The largest weight but those of the first query and of the first key; 0 where there is no other. */
export function activationOf(pattern: Float32Array, from: number, size: number): number {
  let most = 0
  for (let query = 1; query < size; query++)
    for (let at = from + query * size + 1; at < from + (query + 1) * size; at++)
      if (pattern[at]! > most) most = pattern[at]!
  return most
}
