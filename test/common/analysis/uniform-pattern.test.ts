import { describe, expect, it } from 'vitest'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'

describe('uniformPattern', () => {
  it('divides each row among the keys it may see', () => {
    expect([...uniformPattern(2, { causal: true, reach: null }).data]).toEqual([1, 0, 0.5, 0.5])
    expect([...uniformPattern(2, { causal: false, reach: null }).data]).toEqual([
      0.5, 0.5, 0.5, 0.5
    ])
  })
})
