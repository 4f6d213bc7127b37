import { describe, expect, it } from 'vitest'
import { opened, spans } from './folder.ts'

const hebrew = { '\n': 0, ' ': 1, '-': 2, '.': 3, א: 4, ב: 5, ר: 6, ש: 7, י: 8, ת: 9 }
const text = 'בראשית ברא.\n'
const ids = [5, 6, 4, 7, 8, 9, 1, 5, 6, 4, 3, 0]
const swapped = Object.fromEntries(Object.entries(hebrew).map(([piece, id]) => [id, piece]))

describe('a vocabulary of characters', () => {
  it.each<[string, unknown]>([
    ['vocab.json', hebrew],
    ['stoi.json', hebrew],
    ['itos.json', Object.keys(hebrew)],
    ['itos.json', swapped],
    ['meta.json', { vocab_size: 10, itos: swapped, stoi: hebrew }],
    ['meta.json', { itos: Object.keys(hebrew) }],
    ['vocab.json', { stoi: hebrew }]
  ])('is read from %s', async (file, content) => {
    const tokenizer = await opened({ [file]: content })
    expect(tokenizer).toMatchObject({ kind: 'characters', vocabularySize: 10 })
    const tokens = await tokenizer!.encode(text)
    expect(tokens.map(token => token.id)).toEqual(ids)
    expect(tokens.map(token => text.slice(token.start, token.end)).join('')).toBe(text)
    expect(tokenizer!.decode(ids)).toBe(text)
  })

  it('takes characters beyond 16 bits and marks alone as one token each', async () => {
    const tokenizer = await opened({ 'vocab.json': { '👍': 0, '\u0301': 1, e: 2 } })
    expect(await spans(tokenizer, 'e\u0301👍')).toEqual([
      ['e', 'e'],
      ['\u0301', '\u0301'],
      ['👍', '👍']
    ])
  })

  it('names a character it does not have', async () => {
    const tokenizer = await opened({ 'vocab.json': hebrew })
    await expect(tokenizer!.encode('א👍')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'The vocabulary has no token for "👍" (U+1F44D) at position 1'
    })
  })

  it('uses its unknown token, and marks special ones', async () => {
    const tokenizer = await opened({ 'vocab.json': { '<unk>': 0, '<pad>': 1, a: 2, PAD: 3 } })
    const tokens = await tokenizer!.encode('a<pad>é')
    expect(tokens.map(({ id, special }) => [id, special])).toEqual([
      [2, false],
      [1, true],
      [0, true]
    ])
    expect(tokenizer!.describe([3])).toMatchObject([{ piece: 'PAD', special: true }])
  })

  it('leaves a meta.json alone that holds something else', async () => {
    expect(await opened({ 'meta.json': { author: 'a', version: '1' } })).toBeNull()
  })

  it.each([
    [
      { the: 0, a: 1 },
      'vocab.json: 1 of 2 entries are not one character, such as "the", and there is no merges.txt beside it'
    ],
    [{}, 'vocab.json: the vocabulary is empty'],
    [[1, 2], 'vocab.json: expected a table of characters and ids'],
    [{ a: 0, b: 0 }, 'vocab.json: duplicate id 0: "a" and "b"'],
    [{ a: -1 }, 'vocab.json: id of "a": expected a whole number below 2097152, got -1'],
    [{ a: null }, 'vocab.json: id of "a": expected a whole number below 2097152, got null']
  ])('refuses %j', async (content, message) => {
    await expect(opened({ 'vocab.json': content })).rejects.toMatchObject({ message })
  })
})
