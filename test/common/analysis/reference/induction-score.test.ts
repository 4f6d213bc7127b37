import { describe, expect, it } from 'vitest'
import { inductionScore } from './induction-score.ts'

describe('inductionScore', () => {
  it('is 1 for a head that attends to what followed the last time', () => {
    // a b a b: query 2 looks at 1, query 3 at 2.
    const data = new Float32Array(16)
    data[0] = 1
    data[4] = 1
    data[2 * 4 + 1] = 1
    data[3 * 4 + 2] = 1
    expect(inductionScore({ shape: [4, 4], data }, [5, 6, 5, 6])).toBe(1)
  })

  it('counts the query itself when it repeats its neighbour', () => {
    const data = Float32Array.of(1, 0, 0.25, 0.75)
    expect(inductionScore({ shape: [2, 2], data }, [5, 5])).toBe(0.75)
  })

  it('is NaN when no token repeats', () => {
    expect(inductionScore({ shape: [2, 2], data: new Float32Array(4) }, [1, 2])).toBeNaN()
  })
})
