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

it('counts weights that are small, and is never below nothing', () => {
  // A half that is spread over many keys, which the other head has on one.
  const spread = Float32Array.from({ length: 4097 }, (_, key) => (key === 0 ? 0.5 : 2 ** -13))
  const one = Float32Array.from({ length: 4097 }, (_, key) => (key < 2 ? 0.5 : 0))
  expect(summedEntropy(spread)).toBeCloseTo(Math.LN2 + 6 * Math.LN2, 5)
  // Of the first key nothing; of the second H(1/4 + …): all but what both have there.
  const mixed = [0.5, 0.25 + 2 ** -14].reduce((sum, p) => sum - p * Math.log(p), 0)
  const rest = 4095 * 2 ** -14 * 14 * Math.LN2
  expect(between(spread, one)).toBeCloseTo(mixed + rest - (7 * Math.LN2 + Math.LN2) / 2, 5)
  for (let i = 1; i < 200; i++) {
    const share = i / 200
    expect(
      between(Float32Array.of(share, 1 - share), Float32Array.of(share + 1e-8, 1 - share))
    ).toBeGreaterThanOrEqual(0)
  }
})
