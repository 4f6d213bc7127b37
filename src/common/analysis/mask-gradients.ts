/**
 * The gradient by a factor of 1 on each head.
 * @param value [pos, head, d_head], of this shape
 * @param gradient by the value, of the same shape
 * @returns [head]
 */
export function maskGradients(
  value: Float32Array,
  gradient: Float32Array,
  [, heads = 0, width = 0]: readonly number[]
): Float64Array {
  const sums = new Float64Array(heads)
  value.forEach((z, i) => (sums[Math.floor(i / width) % heads]! += z * gradient[i]!))
  return sums
}
