import { describe, expect, it } from 'vitest'
import { offsetScore } from '#common/analysis/offset-score.ts'

const pattern = {
  shape: [3, 3],
  data: Float32Array.of(1, 0, 0, 0.75, 0.25, 0, 0.25, 0.5, 0.25)
}

describe('offsetScore', () => {
  it('averages over the queries that have such a key', () => {
    expect(offsetScore(pattern, 0)).toBeCloseTo((1 + 0.25 + 0.25) / 3, 6)
    expect(offsetScore(pattern, 1)).toBeCloseTo((0.75 + 0.5) / 2, 6)
    expect(offsetScore(pattern, 2)).toBe(0.25)
  })

  it('is NaN when no query has one', () => expect(offsetScore(pattern, 3)).toBeNaN())
})
