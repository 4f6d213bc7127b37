import { describe, expect, it } from 'vitest'
import { flowingBoxes } from '#common/figure/flowing-boxes.ts'
import type { WrittenToken } from '#common/text/written-tokens.ts'

/** Tokens that follow one another in a text. */
function tokensOf(...texts: string[]): WrittenToken[] {
  let end = 0
  return texts.map((text, id) => {
    const start = end
    end += text.length
    return { id, piece: text, text, start, end, special: false, readAs: null }
  })
}

/** A letter is 8.4 pixels wide, a line 26 high. */
const letter = 8.4
function flowing(texts: string[], letters: number, mirrored = false) {
  const tokens = tokensOf(...texts)
  const groups = tokens.map((_, at) => at)
  const { boxes, room } = flowingBoxes(tokens, groups, texts.join(''), letters * letter, mirrored)
  const at = boxes.map(({ text, x, y }) => `${text}@${Math.round(x / letter)},${y / 26}`)
  return { boxes, room, at }
}

describe('a text in lines', () => {
  it('goes on in the next where a word does not fit, and spaces hang over', () => {
    const line = ['to@0,0', ' @2,0', 'be@3,0', ' @5,0', 'or@6,0', ' @8,0']
    expect(flowing(['to', ' be', ' or', ' not'], 8).at).toEqual([...line, 'not@0,1'])
    expect(flowing(['to ', 'be ', 'or '], 8).at).toEqual(line)
  })

  it('keeps the tokens of a word together, and breaks one that is longer than a line', () => {
    expect(flowing(['a', ' ', 'b', 'c', 'd'], 4).at).toEqual([
      ...['a@0,0', ' @1,0', 'b@0,1', 'c@1,1', 'd@2,1']
    ])
    expect(flowing([...'abcdef'], 4).at).toEqual([
      ...['a@0,0', 'b@1,0', 'c@2,0', 'd@3,0', 'e@0,1', 'f@1,1']
    ])
  })

  it('ends a line where the text does, with a sign', () => {
    const { at, room } = flowing(['a', '\n', 'b'], 9)
    expect(at).toEqual(['a@0,0', '↵@1,0', 'b@0,1'])
    expect(room).toEqual({ width: 9 * letter, height: 52 })
  })

  it('has room for white space that is of no token', () => {
    const tokens = tokensOf('to', 'be').map(token =>
      token.id === 0 ? token : { ...token, start: 3, end: 5 }
    )
    const { boxes } = flowingBoxes(tokens, [0, 1], 'to be', 90, false)
    expect(boxes[1]!.x).toBeCloseTo(3 * letter, 6)
  })

  it('runs from the right where it is read so', () => {
    const { boxes } = flowing(['של', 'ום'], 10, true)
    expect(boxes.map(({ x }) => Math.round(x / letter))).toEqual([8, 6])
  })

  it('has words of the other direction in theirs', () => {
    const { at } = flowing(['ab', ' ', 'של', 'ום', ' ', 'cd'], 12)
    expect(at).toEqual(['ab@0,0', ' @2,0', 'של@5,0', 'ום@3,0', ' @7,0', 'cd@8,0'])
    const mirrored = flowing(['של', ' ', 'ab', 'cd', '.'], 10, true)
    expect(mirrored.at).toEqual(['של@8,0', ' @7,0', 'ab@3,0', 'cd@5,0', '.@2,0'])
  })

  it('breaks a token that is longer than a line', () => {
    expect(flowing(['a', ' bcdefgh'], 4).at).toEqual(['a@0,0', ' @1,0', 'bcde@0,1', 'fgh@0,2'])
  })
})
