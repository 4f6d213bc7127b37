import { describe, expect, it } from 'vitest'
import { flowingText, longestLine, type FlowingPart } from '#common/figure/text-flow.ts'
import { lineWidth } from '#common/figure/views/line-width.ts'

/** A letter of size 10 is 6 pixels wide. */
const letter = 6
function placesOf(parts: readonly (readonly [text: string, gap?: string])[], letters: number) {
  const { boxes } = flowingText(
    parts.map(([text, gap], group) => ({
      ...{ text, kind: 'letters' as const, group, endsLine: false },
      ...(gap !== undefined && { gap })
    })),
    { width: letters * letter, size: 10, mirrored: false }
  )
  const line = 260 / 14
  return boxes.map(({ text, x, y }) => `${text}@${Math.round(x / letter)},${Math.round(y / line)}`)
}

describe('a text in lines', () => {
  it('ends a word where there is white space that is of no token, and keeps together what follows', () => {
    expect(placesOf([['to'], ['be', ' '], ['long']], 7)).toEqual(['to@0,0', 'be@0,1', 'long@2,1'])
    expect(placesOf([['to'], ['be'], ['long']], 7)).toEqual(['to@0,0', 'be@2,0', 'long@0,1'])
  })
})

/** Texts of parts as they are seen from the left, each in its line. */
function seen(
  parts: readonly (readonly [text: string, kind?: FlowingPart['kind']])[],
  mirrored: boolean
) {
  const { boxes } = flowingText(
    parts.map(([text, kind = 'letters'], group) => ({ text, kind, group, endsLine: false })),
    { width: 40 * letter, size: 10, mirrored }
  )
  return boxes.toSorted((a, b) => a.x - b.x).map(({ text }) => text)
}

describe('a line as it is seen', () => {
  it('has special tokens in the order of its text, whatever the letters of their names', () => {
    const names = [
      ['שלום', 'special'],
      ['עולם', 'special']
    ] as const
    expect(seen([['ab'], ...names, ['cd']], false)).toEqual(['ab', 'שלום', 'עולם', 'cd'])
    expect(seen([['של'], ['<s>', 'special'], ['<t>', 'special']], true)).toEqual([
      ...['<t>', '<s>', 'של']
    ])
  })

  it('that runs from the right does so also where it has Latin letters alone', () => {
    expect(seen([['ab'], ['.']], true)).toEqual(['.', 'ab'])
    expect(seen([['ab'], ['.']], false)).toEqual(['ab', '.'])
    expect(seen([['ab'], [' '], ['cd']], true)).toEqual(['ab', ' ', 'cd'])
  })
})

describe('a mark over the letter before it', () => {
  it('has a box that is seen, in the middle of where it stands, and moves nothing', () => {
    const parts = [['e'], ['\u0301'], ['f']].map(([text], group) => ({
      ...{ text: text!, kind: 'letters' as const, group, endsLine: false }
    }))
    const { boxes } = flowingText(parts, { width: 40 * letter, size: 10, mirrored: false })
    const [first, mark, next] = boxes
    expect(mark!.width).toBeGreaterThan(2)
    expect(mark!.width).toBeLessThan(letter)
    expect(mark!.x + mark!.width / 2).toBeCloseTo(letter, 9)
    expect([first!.x, next!.x]).toEqual([0, expect.closeTo(letter, 9)])
  })
})

describe('the longest line of a text that has flowed', () => {
  it('breaks the text again where it was broken, however wide the page had its letters', () => {
    // As a page lays it out, in letters of 8 pixels: "to be, " and "or not ↵" in 8 letters, "to be" below.
    const page = (text: string, x: number, line: number, gap?: string) => ({
      ...{ x: 8 * x, y: 26 * line, width: 8 * text.length, height: 26, text },
      ...{ kind: 'letters' as const, group: 0, ...(gap !== undefined && { gap }) }
    })
    const boxes = [
      page('to', 0, 0),
      page('be, ', 3, 0, ' '),
      page('or', 0, 1, ' '),
      page('not↵', 3, 1, ' ')
    ]
    const longest = longestLine(boxes, 10)
    // 'or not↵' has seven letters, 'to be, ' six and white space that hangs over.
    expect(longest).toBeCloseTo(7 * letter, 9)
    const parts = [['to'], ['be, ', ' '], ['or', ' '], ['not↵', ' ']] as const
    expect(placesOf(parts, longest / letter + 0.01)).toEqual([
      ...['to@0,0', 'be, @3,0', 'or@0,1', 'not↵@3,1']
    ])
  })

  it('is no longer than lines that are as long, also where sums of widths are rounded', () => {
    const words = Array.from({ length: 400 }, (_, i) => 'abcdefghij'.slice(0, 1 + ((7 * i) % 10)))
    const flow = (width: number) =>
      flowingText(
        words.map((text, group) => ({
          ...{ text, kind: 'letters' as const, group, endsLine: false },
          ...(group > 0 && { gap: ' ' })
        })),
        { width, size: 14, mirrored: false }
      ).boxes
    for (let width = 150; width < 900; width += 13) {
      const first = flow(width)
      expect(flow(lineWidth(longestLine(first, 14)))).toEqual(first)
    }
  })
})
