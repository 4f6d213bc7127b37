import type { Tensor } from '../../model/tensor.ts'

/**
 * What each head gives by the token that it reads: A[q, k] · (v_k · by_z).
 * @param pattern [head, query, key]
 * @param value [key, kv_head, d_head]
 * @param byZ what a head would give for each dimension of z: [target, head, d_head]
 * @returns of one target [head, key]
 */
export function bySource(
  { shape: [heads = 0, queries = 0, keys = 0], data: weights }: Tensor,
  { shape: [, valueHeads = 0, width = 0], data: values }: Tensor,
  byZ: ArrayLike<number>,
  { target, query }: { readonly target: number; readonly query: number }
): Float32Array {
  const given = new Float32Array(heads * keys)
  const group = heads / valueHeads
  for (let head = 0; head < heads; head++) {
    const direction = (target * heads + head) * width
    const of = Math.floor(head / group)
    for (let key = 0; key < keys; key++) {
      const from = (key * valueHeads + of) * width
      let sum = 0
      for (let i = 0; i < width; i++) sum += values[from + i]! * byZ[direction + i]!
      given[head * keys + key] = sum * weights[(head * queries + query) * keys + key]!
    }
  }
  return given
}
