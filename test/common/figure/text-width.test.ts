import { describe, expect, it } from 'vitest'
import { cutToRoom, monoWidth } from '#common/figure/text-width.ts'

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

describe('a text with little room', () => {
  const widthOf = (text: string) => monoWidth(text, 10)
  it.each([
    ['speak', 30, 'speak'],
    ['speaks', 30, 'spea…'],
    ['ab', 6, '…'],
    ['השמים', 18, 'הש…'],
    ['👑👑👑', 24, '👑…']
  ])('%j in %d px is %j', (text, room, cut) => {
    expect(cutToRoom(text, room, widthOf)).toBe(cut)
  })
})
