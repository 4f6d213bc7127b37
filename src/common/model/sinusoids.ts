/**
 * Sines and cosines of position · base^(−2i / width), for positions from `from` up to `count`.
 * @returns [pos, width]
 * @source Vaswani et al. 2017, section 3.5
 */
export function sinusoids(
  count: number,
  width: number,
  base: number,
  order: 'alternating' | 'sines-first',
  from = 0
): Float32Array {
  const data = new Float32Array((count - from) * width)
  const sines = Math.ceil(width / 2)
  for (let pos = from; pos < count; pos++)
    for (let column = 0; column < width; column++) {
      const alternating = order === 'alternating'
      const isSine = alternating ? column % 2 === 0 : column < sines
      const i = alternating ? column >> 1 : isSine ? column : column - sines
      const angle = pos * base ** ((-2 * i) / width)
      data[(pos - from) * width + column] = isSine ? Math.sin(angle) : Math.cos(angle)
    }
  return data
}
