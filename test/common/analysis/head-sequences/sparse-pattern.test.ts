import { expect, it } from 'vitest'
import { activationOf, sparsePattern } from '#common/analysis/head-sequences/sparse-pattern.ts'

/** Of an encoder, behind another head: what the first query gives others, and what others give the first key, is most. */
const patterns = Float32Array.of(
  ...Array<number>(9).fill(1),
  ...[0.1, 0.8, 0.1],
  ...[0.7, 0.1, 0.2],
  ...[0.6, 0.3, 0.1]
)

it('takes no activation from the first query, nor from the first key', () => {
  expect(activationOf(patterns, 9, 3)).toBeCloseTo(0.3, 6)
  expect(activationOf(Float32Array.of(1), 0, 1)).toBe(0)
})

it('keeps the largest weights of each row, of equal ones the earlier', () => {
  const { indices, weights } = sparsePattern(patterns, 9, 3, 2, 0.1)
  expect([...indices]).toEqual([0, 1, 3, 5, 6, 7])
  expect([...weights].map(weight => Math.round(10 * weight) / 10)).toEqual([
    0.1, 0.8, 0.7, 0.2, 0.6, 0.3
  ])
  expect([...sparsePattern(patterns, 9, 3, 2, 0.65).indices]).toEqual([1, 3])
})
