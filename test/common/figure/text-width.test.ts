import { describe, expect, it } from 'vitest'
import { cutToRoom, monoWidth, textWidth } from '#common/figure/text-width.ts'

describe('monoWidth', () => {
  it.each([
    ['abc', 18],
    ['שלום', 22.37],
    ['\u2068a\u2069', 6],
    ['e\u0301', 6],
    ['漢字', 24],
    ['', 0]
  ])('of %j is %d at 10 px', (text, width) => {
    expect(monoWidth(text, 10)).toBeCloseTo(width, 9)
  })
})

describe('textWidth', () => {
  // What Chromium measures of Inter and of JetBrains Mono.
  it.each([
    ['a model · Head 0.1, query 3, key 2 · products', 'Inter', 13, 276],
    ['shakespeare-char · r · highest dimensions', 'Inter', 13, 261],
    ['attention weight, as √weight', 'Inter', 12, 159],
    ['Previous token', 'Inter', 12, 85],
    ['\u2068110\u2069', 'Inter', 12, 18],
    ['\u2068110\u2069', "'JetBrains Mono'", 12, 21.6]
  ])('of %j in %s at %d px is about %d', (text, font, size, width) => {
    const own = textWidth(text, { font, size })
    expect(own).toBeGreaterThan(0.95 * width)
    expect(own).toBeLessThan(1.15 * width)
  })
})

describe('a text with little room', () => {
  const widthOf = (text: string) => monoWidth(text, 10)
  it.each([
    ['speak', 30, 'speak'],
    ['speaks', 30, 'spea…'],
    ['ab', 6, '…'],
    ['השמים', 20, 'הש…'],
    ['👑👑👑', 24, '👑…']
  ])('%j in %d px is %j', (text, room, cut) => {
    expect(cutToRoom(text, room, widthOf)).toBe(cut)
  })
})
