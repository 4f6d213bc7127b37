import { describe, expect, it } from 'vitest'
import type { Token } from '#common/model/token.ts'
import { unknownText, unknownWritten, withUnknown } from '#common/text/unknown-text.ts'

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

describe('characters that are read as others', () => {
  const input = { text: 'a_1_b' }
  const at = (start: number, text: string, unknown = true) => ({
    ...token(text, unknown),
    ...{ start, end: start + 1 }
  })

  it('are told as they are written, and what each is read as', () => {
    const tokens = [at(0, 'a', false), at(1, '\n'), at(2, '\n'), at(3, '\n'), at(4, 'b', false)]
    expect(unknownWritten(input, tokens)).toBe('"_", "1", read as "\\n", marked by ?')
  })

  it('are none where all are known, or there is no text', () => {
    expect(unknownWritten(input, [at(0, 'a', false)])).toBeNull()
    expect(unknownWritten({ ids: [1] }, [at(1, '?')])).toBeNull()
    expect(unknownWritten(null, [at(1, '?')])).toBeNull()
  })

  it('of many kinds some are named', () => {
    const tokens = Array.from('bcdefg', (_, i) => at(i, '?'))
    const told = unknownWritten({ text: 'bcdefg' }, tokens)
    expect(told).toBe('"b", "c", "d", "e", "f" and others, read as "?", marked by ?')
  })
})
