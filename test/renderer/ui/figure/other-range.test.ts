import { describe, expect, it } from 'vitest'
import { otherRange } from '../../../../src/renderer/src/ui/figure/other-range.ts'

describe('why no command gives a figure its range', () => {
  it('is that both sides share it, or that it is fixed', () => {
    expect(otherRange({ follows: true })).toBeNull()
    expect(otherRange({ follows: true, shared: true })!.none).toContain('both sides')
    expect(otherRange({ follows: false })!.none).toContain('fixed')
  })
})
