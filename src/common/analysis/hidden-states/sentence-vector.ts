import { z } from 'zod'

/** What stands for a text: the mean of its tokens, or its first one, such as [CLS], or its last. */
export const SentenceBy = z.enum(['mean', 'first', 'last']).default('mean')
export type SentenceBy = z.output<typeof SentenceBy>

/**
 * The vector that stands for a text.
 * @param data [pos, width]
 * @returns [width]
 */
export function sentenceVector(data: Float32Array, length: number, by: SentenceBy): Float64Array {
  const width = data.length / length
  if (by !== 'mean') {
    const start = by === 'first' ? 0 : data.length - width
    return Float64Array.from(data.subarray(start, start + width))
  }
  const sum = new Float64Array(width)
  for (const [i, value] of data.entries()) sum[i % width]! += value
  return sum.map(value => value / length)
}
