import { describe, expect, it } from 'vitest'
import { maskTokenOf, withMask } from '../../../src/renderer/src/reactive/mask-token.ts'

/** A tokenizer that knows one special token. */
const knows = (special: string) => (text: string) =>
  Promise.resolve([
    { id: 1, piece: text, text, start: 0, end: text.length, special: text === special }
  ])

describe('maskTokenOf', () => {
  it('is the spelling that the vocabulary has', async () => {
    expect(await maskTokenOf(knows('[MASK]'))).toBe('[MASK]')
    expect(await maskTokenOf(knows('<mask>'))).toBe('<mask>')
    expect(await maskTokenOf(knows('[UNK]'))).toBeNull()
  })
})

describe('withMask', () => {
  it('replaces a token, but not the space before it', () => {
    expect(withMask('the cat sat', { start: 4, end: 7 }, '[MASK]')).toBe('the [MASK] sat')
    expect(withMask('the cat sat', { start: 3, end: 7 }, '<mask>')).toBe('the <mask> sat')
  })
})
