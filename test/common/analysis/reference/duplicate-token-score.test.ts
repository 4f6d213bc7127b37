import { describe, expect, it } from 'vitest'
import { duplicateTokenScore } from './duplicate-token-score.ts'

const data = Float32Array.of(1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.6, 0.2, 0.2, 0, 0.3, 0.1, 0.4, 0.2)
const pattern = { shape: [4, 4], data }

describe('duplicateTokenScore', () => {
  it('adds the weight on every earlier copy, over the queries that have one', () => {
    // a b a a: query 2 sees the copy at 0, query 3 those at 0 and 2.
    expect(duplicateTokenScore(pattern, [7, 8, 7, 7])).toBeCloseTo((0.6 + 0.7) / 2, 6)
  })

  it('is NaN when no token repeats', () => {
    expect(duplicateTokenScore(pattern, [1, 2, 3, 4])).toBeNaN()
  })
})
