import type { AlibiSpec } from './attention-spec.ts'

/**
 * What linear biases add to the scores of one head, by the key's position: slope · key · scale.
 * @returns [key]
 * @source Press et al. 2022, section 3
 */
export function alibiBiases(
  { scale, rounding }: Pick<AlibiSpec, 'scale' | 'rounding'>,
  nHeads: number,
  head: number,
  count: number
): Float32Array {
  const round = rounding === 'bfloat16' ? toBfloat16 : Math.fround
  const slope = round(alibiSlopes(nHeads)[head]!)
  return Float32Array.from({ length: count }, (_, key) => round(slope * key) * scale)
}

/**
 * The slope of each head: a geometric sequence from 2^(−8/n) for n heads, n a power of two; else the
 * sequence of the power of two below, and every other one of that of twice as many.
 * @source Press et al. 2022, section 3, and the code published with it
 */
export function alibiSlopes(nHeads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(nHeads))
  return Array.from({ length: nHeads }, (_, head) =>
    head < power ? 2 ** ((-8 * (head + 1)) / power) : 2 ** ((-4 * (2 * (head - power) + 1)) / power)
  )
}

/** The nearest bfloat16, ties to the even one. */
function toBfloat16(x: number): number {
  const float = new Float32Array([x])
  const bits = new Uint32Array(float.buffer)
  bits[0] = ((bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000) >>> 0
  return float[0]!
}
