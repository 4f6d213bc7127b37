import { describe, expect, it } from 'vitest'
import { carriedPosition } from '#common/text/carried-position.ts'

/** Tokens of `the cat`: whole words between special ones, and letters. */
const words = [
  { start: 0, end: 0 },
  { start: 0, end: 3 },
  { start: 3, end: 7 },
  { start: 7, end: 7 }
]
const letters = Array.from({ length: 7 }, (_, i) => ({ start: i, end: i + 1 }))

describe('carriedPosition', () => {
  it('finds the token that holds the first character', () => {
    expect(letters.map((_, i) => carriedPosition(i, letters, words))).toEqual([1, 1, 1, 2, 2, 2, 2])
    expect(carriedPosition(2, words, letters)).toBe(3)
  })
  it('finds none for a token that stands for no character, or beyond the text', () => {
    expect(carriedPosition(0, words, letters)).toBeNull()
    expect(carriedPosition(3, words, letters)).toBeNull()
    expect(carriedPosition(9, words, letters)).toBeNull()
    expect(carriedPosition(6, letters, [{ start: 0, end: 3 }])).toBeNull()
  })
})
