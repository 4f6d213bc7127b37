import { describe, expect, it } from 'vitest'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'

describe('uniformPattern', () => {
  it('divides each row among the keys it may see', () => {
    const rows = (causal: boolean, reach: number | null) => [
      ...uniformPattern(3, { causal, reach }).data
    ]
    const third = Math.fround(1 / 3)
    expect(rows(true, null)).toEqual([1, 0, 0, 0.5, 0.5, 0, third, third, third])
    expect(rows(false, null)).toEqual(Array(9).fill(third))
    expect(rows(true, 1)).toEqual([1, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5])
    expect(rows(false, 1)).toEqual([0.5, 0.5, 0, third, third, third, 0, 0.5, 0.5])
  })
})
