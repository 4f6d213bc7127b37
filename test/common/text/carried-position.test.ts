import { describe, expect, it } from 'vitest'
import { carriedPosition } from '#common/text/carried-position.ts'

/** Tokens of `the cat`: whole words between special ones, and letters. */
const words = [
  { id: 101, start: 0, end: 0 },
  { id: 11, start: 0, end: 3 },
  { id: 12, start: 3, end: 7 },
  { id: 102, start: 7, end: 7 }
]
const letters = Array.from({ length: 7 }, (_, i) => ({ id: i, start: i, end: i + 1 }))

describe('carriedPosition', () => {
  it('finds the token that holds the first character', () => {
    expect(letters.map((_, i) => carriedPosition(i, letters, words))).toEqual([1, 1, 1, 2, 2, 2, 2])
    expect(carriedPosition(2, words, letters)).toBe(3)
  })
  it('finds none for a token that stands for no character, or beyond the text', () => {
    expect(carriedPosition(0, words, letters)).toBeNull()
    expect(carriedPosition(3, words, letters)).toBeNull()
    expect(carriedPosition(9, words, letters)).toBeNull()
    expect(carriedPosition(6, letters, [{ id: 11, start: 0, end: 3 }])).toBeNull()
  })
  it('leaves the same token where it is, whether it stands for a character, for none or for a part of one', () => {
    const again = words.map(token => ({ ...token }))
    expect(words.map((_, i) => carriedPosition(i, words, again))).toEqual([0, 1, 2, 3])
    const bytes = [1, 2, 3].map(id => ({ id, start: 0, end: 2 }))
    expect(bytes.map((_, i) => carriedPosition(i, bytes, [...bytes]))).toEqual([0, 1, 2])
    const otherEnd = again.map(token => (token.id === 102 ? { ...token, id: 2 } : token))
    expect(carriedPosition(3, words, otherEnd)).toBeNull()
  })
})
