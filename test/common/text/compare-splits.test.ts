import { describe, expect, it } from 'vitest'
import { compareSplits } from '#common/text/compare-splits.ts'
import { plainSplit, wordCount } from '#common/text/plain-split.ts'

const texts = (text: string, how: 'characters' | 'bytes' | 'words') =>
  plainSplit(text, how).map(({ piece }) => piece)

describe('plain splits', () => {
  it('are characters, whole also beyond 16 bits, with white space and line ends', () => {
    expect(texts('a👍\n b', 'characters')).toEqual(['a', '👍', '\n', ' ', 'b'])
    expect(plainSplit('a👍b', 'characters').map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [1, 3],
      [3, 4]
    ])
  })

  it('are bytes, each at the place of its character', () => {
    expect(plainSplit('é!', 'bytes')).toEqual([
      { piece: '<0xC3>', start: 0, end: 1 },
      { piece: '<0xA9>', start: 0, end: 1 },
      { piece: '<0x21>', start: 1, end: 2 }
    ])
  })

  it('are words and punctuation, of any script', () => {
    expect(texts("don't stop_2 -- שָׁלוֹם!", 'words')).toEqual([
      'don',
      "'",
      't',
      'stop_2',
      '-',
      '-',
      'שָׁלוֹם',
      '!'
    ])
    expect(wordCount("don't -- 3!")).toBe(3)
    expect(wordCount('?!')).toBe(0)
  })
})

describe('two splits', () => {
  const split = (name: string, text: string, ...spans: [number, number][]) => ({
    name,
    pieces: spans.map(([start, end]) => ({ piece: text.slice(start, end), start, end }))
  })

  it('are counted, and compared where they differ; white space around a piece counts for nothing', () => {
    const text = 'the unhappy cat'
    const one = split('a', text, [0, 3], [3, 6], [6, 11], [11, 15])
    const other = split('b', text, [0, 3], [3, 4], [4, 11], [12, 15])
    expect(compareSplits(text, [one, other])).toEqual({
      words: 3,
      sides: [
        { name: 'a', tokens: 4, tokens_per_word: 4 / 3 },
        { name: 'b', tokens: 4, tokens_per_word: 4 / 3 }
      ],
      alike: 2,
      different: [{ start: 4, end: 11, text: 'unhappy', pieces: [[' un', 'happy'], ['unhappy']] }]
    })
  })

  it('that touch without white space between are stretches of their own', () => {
    const text = 'abcd'
    const one = split('a', text, [0, 1], [1, 2], [2, 4])
    const other = split('b', text, [0, 1], [1, 2], [2, 3], [3, 4])
    const { alike, different } = compareSplits(text, [one, other])
    expect(alike).toBe(2)
    expect(different.map(({ text }) => text)).toEqual(['cd'])
  })

  it('overlap in one stretch, and one may leave a part of the text out', () => {
    const text = 'abcdef gh'
    const one = split('a', text, [0, 2], [2, 4], [4, 6])
    const other = split('b', text, [0, 1], [1, 3], [3, 6], [7, 9])
    const { alike, different } = compareSplits(text, [one, other])
    expect(alike).toBe(0)
    expect(different).toEqual([
      {
        start: 0,
        end: 6,
        text: 'abcdef',
        pieces: [
          ['ab', 'cd', 'ef'],
          ['a', 'bc', 'def']
        ]
      },
      { start: 7, end: 9, text: 'gh', pieces: [[], ['gh']] }
    ])
    expect(compareSplits('', [split('a', ''), split('b', '')]).sides[0]?.tokens_per_word).toBeNaN()
  })
})
