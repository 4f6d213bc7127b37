import { expect, it } from 'vitest'
import {
  patternDivergence,
  summedEntropy
} from '#common/analysis/head-distances/pattern-divergence.ts'

const between = (first: Float32Array, second: Float32Array) =>
  patternDivergence(first, second, [summedEntropy(first), summedEntropy(second)])

it('is ln 2 a query of heads that never look at the same, and nothing of equal ones', () => {
  const first = Float32Array.of(1, 0, 0.5, 0.5)
  const second = Float32Array.of(0, 1, 0, 1)
  expect(between(first, first)).toBe(0)
  // The second query: H(1/4, 3/4) − H(1/2, 1/2)/2.
  const mixed = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75) - Math.LN2 / 2
  expect(between(first, second)).toBeCloseTo(Math.LN2 + mixed, 7)
  expect(between(second, first)).toBe(between(first, second))
})
