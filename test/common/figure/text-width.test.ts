import { describe, expect, it } from 'vitest'
import { monoWidth } from '#common/figure/text-width.ts'

describe('monoWidth', () => {
  it.each([
    ['abc', 18],
    ['שלום', 24],
    ['\u2068a\u2069', 6],
    ['e\u0301', 6],
    ['漢字', 24],
    ['', 0]
  ])('of %j is %d at 10 px', (text, width) => {
    expect(monoWidth(text, 10)).toBeCloseTo(width, 9)
  })
})
