import { describe, expect, it } from 'vitest'
import { logSumExp, topProbabilities } from '#common/analysis/softmax.ts'

describe('logSumExp', () => {
  it('is the logarithm of the sum of exponentials', () => {
    expect(logSumExp(Float32Array.of(0, Math.log(3)))).toBeCloseTo(Math.log(4), 6)
  })
  it('does not overflow', () => {
    expect(logSumExp(Float32Array.of(1000, 1000))).toBeCloseTo(1000 + Math.log(2), 3)
  })
  it('is −∞ where there is nothing', () => {
    expect(logSumExp(Float32Array.of(-Infinity))).toBe(-Infinity)
  })
})

describe('topProbabilities', () => {
  it('ranks, most probable first, equal ones by index', () => {
    const top = topProbabilities(Float32Array.of(1, 3, 2, 3), 3)
    expect(top.map(({ index }) => index)).toEqual([1, 3, 2])
  })
  it('gives probabilities over all entries, not only the top', () => {
    const [first] = topProbabilities(Float32Array.of(Math.log(1), Math.log(2), Math.log(5)), 1)
    expect(first!.probability).toBeCloseTo(5 / 8, 6)
    expect(first!.logit).toBeCloseTo(Math.log(5), 6)
  })
  it('gives all there are when asked for more', () => {
    expect(topProbabilities(Float32Array.of(0, 0), 10)).toHaveLength(2)
  })
})
