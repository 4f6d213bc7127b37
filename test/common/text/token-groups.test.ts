import { describe, expect, it } from 'vitest'
import { groupOfToken, tokenGroups } from '#common/text/token-groups.ts'

interface Placed {
  readonly start: number
  readonly end: number
  readonly special: boolean
}

/** Tokens of a text, one after the other, as long as they are said to be. */
function cut(lengths: readonly number[]): Placed[] {
  let end = 0
  return lengths.map(length => ({ start: end, end: (end += length), special: false }))
}
const spans = (groups: readonly { start: number; end: number }[]) =>
  groups.map(({ start, end }) => [start, end])
const words = (text: string, tokens: readonly Placed[]) => spans(tokenGroups(tokens, text, 'word'))
const graphemes = (text: string, tokens: readonly Placed[]) =>
  spans(tokenGroups(tokens, text, 'grapheme'))

describe('tokens by themselves', () => {
  it('are all there is without a text', () => {
    const tokens = cut([1, 1])
    expect(spans(tokenGroups(tokens, null, 'word'))).toEqual([
      [0, 1],
      [1, 2]
    ])
    expect(tokenGroups([], 'x', 'word')).toEqual([])
  })
})

describe('words', () => {
  it('are what stands between white space, letter by letter', () => {
    expect(words('ab c,\n\nd', cut([1, 1, 1, 1, 1, 1, 1, 1]))).toEqual([
      [0, 2],
      [2, 3],
      [3, 5],
      [5, 7],
      [7, 8]
    ])
  })

  it('begin with a piece that begins with a space, or after a space that no piece has', () => {
    expect(words('un believ able', cut([2, 4, 3, 5]))).toEqual([
      [0, 1],
      [1, 3],
      [3, 4]
    ])
    const gaps = [
      { start: 0, end: 2, special: false },
      { start: 3, end: 6, special: false },
      { start: 6, end: 9, special: false }
    ]
    expect(words('un believ', gaps)).toEqual([
      [0, 1],
      [1, 3]
    ])
  })

  it('leave special tokens alone, and take pieces without letters along', () => {
    const at = (start: number, end: number, special = false) => ({ start, end, special })
    const tokens = [at(0, 0, true), at(0, 0), at(0, 1), at(1, 2), at(2, 2, true)]
    expect(words('ab', tokens)).toEqual([
      [0, 1],
      [1, 4],
      [4, 5]
    ])
  })
})

describe('graphemes', () => {
  it('hold the bytes of an emoji and of what joins it', () => {
    // Each of two people and what joins them: three tokens of bytes that share the place of their character.
    const family = '\u{1f468}\u200d\u{1f469}'
    const place = (start: number, end: number) => ({ start, end, special: false })
    const tokens = [
      place(0, 1),
      place(1, 3),
      place(1, 3),
      place(3, 4),
      place(4, 6),
      place(4, 6),
      place(6, 7)
    ]
    expect(graphemes(`a${family}b`, tokens)).toEqual([
      [0, 1],
      [1, 6],
      [6, 7]
    ])
  })

  it('hold the vowel signs of a Hebrew letter', () => {
    // bet, dagesh, qamats, resh
    expect(graphemes('\u05d1\u05bc\u05b8\u05e8', cut([1, 1, 1, 1]))).toEqual([
      [0, 3],
      [3, 4]
    ])
  })

  it('are never less than a token', () => {
    expect(graphemes('abc', cut([2, 1]))).toEqual([
      [0, 1],
      [1, 2]
    ])
  })
})

describe('the group of a token', () => {
  it('is told for each', () => {
    const groups = tokenGroups(cut([1, 1, 1, 1]), 'ab c', 'word')
    expect([...groupOfToken(groups)]).toEqual([0, 0, 1, 2])
    expect([...groupOfToken([])]).toEqual([])
  })
})
