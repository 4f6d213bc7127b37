import { describe, expect, it } from 'vitest'
import type { Token } from '#common/model/token.ts'
import { unknownText, withUnknown } from '#common/text/unknown-text.ts'

const token = (text: string, unknown: boolean): Token => ({
  ...{ id: 0, piece: text, text, start: 0, end: 1, special: false },
  ...(unknown && { unknown: true as const })
})
const none = { tokens: 0, texts: [] }

describe('unknown characters', () => {
  it.each([
    [[token('a', false)], null],
    [
      [token('a', false), token('?', true)],
      '1 token stands in for characters that the vocabulary does not have, read as "?"'
    ],
    [
      [token('?', true), token('?', true), token('\n', true)],
      '3 tokens stand in for characters that the vocabulary does not have, read as "?", "\\n"'
    ]
  ])('of %j', (tokens, expected) => expect(unknownText(withUnknown(none, tokens))).toBe(expected))

  it('are counted on, and of many kinds some are named', () => {
    let count = withUnknown(none, [token('x', true)])
    for (const text of 'abcdefgh') count = withUnknown(count, [token(text, true)])
    expect(count.tokens).toBe(9)
    expect(unknownText(count)).toMatch(/^9 .* read as "x", "a", "b", "c", "d" and others$/)
  })
})
