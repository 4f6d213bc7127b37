import { describe, expect, it } from 'vitest'
import { otherBounds, otherRange } from '../../../../src/renderer/src/ui/figure/other-range.ts'

describe('why no command gives a figure its range', () => {
  it('is that both sides share it, or that it is fixed', () => {
    expect(otherRange({ follows: true })).toBeNull()
    expect(otherRange({ follows: true, shared: true })).toContain('both sides')
    expect(otherRange({ follows: false })).toContain('fixed')
  })

  it('has its bounds told, where no command gives it', () => {
    const range = { low: 0, high: 0.25 }
    expect(otherBounds({ follows: true, range })).toEqual({})
    for (const look of [{ follows: false }, { follows: true, shared: true }])
      expect(otherBounds({ ...look, range })).toEqual({ range: [0, 0.25] })
  })
})
