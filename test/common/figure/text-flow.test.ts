import { describe, expect, it } from 'vitest'
import { flowingText } from '#common/figure/text-flow.ts'

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
