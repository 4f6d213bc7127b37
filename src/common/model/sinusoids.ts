import type { SinusoidalSpec } from './spec.ts'

/**
 * Sines and cosines of positions from `from` up to `count`.
 * @returns [pos, width]
 * @source Vaswani et al. 2017, section 3.5
 */
export function sinusoids(
  count: number,
  width: number,
  { base, order, offset, reachesBase }: Omit<SinusoidalSpec, 'kind'>,
  from = 0
): Float32Array {
  const data = new Float32Array((count - from) * width)
  const sines = Math.ceil(width / 2)
  const last = reachesBase ? sines - 1 : width / 2
  for (let pos = from; pos < count; pos++)
    for (let column = 0; column < width; column++) {
      const alternating = order === 'alternating'
      const isSine = alternating ? column % 2 === 0 : column < sines
      const i = alternating ? column >> 1 : isSine ? column : column - sines
      const angle = (offset + pos) * base ** (-i / last)
      data[(pos - from) * width + column] = isSine ? Math.sin(angle) : Math.cos(angle)
    }
  return data
}
