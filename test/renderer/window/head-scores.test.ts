import { describe, expect, it } from 'vitest'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'
import { headScores, strongestKeys } from '../../../src/renderer/src/window/head-scores.ts'

describe('headScores', () => {
  it('gives a uniform head its own baseline', () => {
    for (const visibility of [
      { causal: true, reach: null },
      { causal: false, reach: null },
      { causal: true, reach: 2 }
    ]) {
      const pattern = uniformPattern(5, visibility)
      for (const { value, uniform } of headScores(pattern, [1, 2, 1, 2, 3], visibility))
        expect(value).toBe(uniform)
    }
  })

  it('gives no baseline where it is not known what a query sees', () => {
    const pattern = uniformPattern(5, { causal: true, reach: null })
    for (const { value, uniform } of headScores(pattern, [1, 2, 1, 2, 3], null)) {
      expect(value).toBeGreaterThanOrEqual(0)
      expect(uniform).toBeNull()
    }
  })

  it('tells a previous-token head from it', () => {
    const data = new Float32Array(16)
    data[0] = 1
    for (let query = 1; query < 4; query++) data[query * 4 + query - 1] = 1
    const [previous] = headScores({ shape: [4, 4], data }, [1, 2, 3, 4], {
      causal: true,
      reach: null
    })
    expect(previous).toMatchObject({ name: 'Previous token', value: 1 })
    expect(previous!.uniform).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 4) / 3, 6)
  })
})

describe('strongestKeys', () => {
  it('sorts one row and leaves out what has no weight', () => {
    const pattern = { shape: [2, 2], data: Float32Array.of(1, 0, 0.25, 0.75) }
    expect(strongestKeys(pattern, 1, 5)).toEqual([
      { key: 1, weight: 0.75 },
      { key: 0, weight: 0.25 }
    ])
    expect(strongestKeys(pattern, 0, 5)).toEqual([{ key: 0, weight: 1 }])
  })
})
