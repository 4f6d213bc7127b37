import { readdirSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTokenizer, type Tokenizer } from '../../../src/main/tokenizer/tokenizer.ts'
import { expected, unpackedTokenizer } from './unpack.ts'

const published = [
  { name: 'gpt2', kind: 'BPE', vocabularySize: 50257, around: [] },
  {
    name: 'bert-base-uncased',
    kind: 'WordPiece',
    vocabularySize: 30522,
    around: ['[CLS]', '[SEP]']
  },
  { name: 'roberta-base', kind: 'BPE', vocabularySize: 50265, around: ['<s>', '</s>'] },
  { name: 't5-small', kind: 'Unigram', vocabularySize: 32100, around: ['</s>'] },
  { name: 'pythia', kind: 'BPE', vocabularySize: 50278, around: [] }
]

describe.each(published)('$name', ({ name, kind, vocabularySize, around }) => {
  let folder: string
  let tokenizer: Tokenizer

  beforeAll(async () => {
    folder = unpackedTokenizer(name)
    tokenizer = (await openTokenizer(folder, readdirSync(folder), {}))!
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('says what it is', () => {
    expect(tokenizer).toMatchObject({ kind, vocabularySize })
  })

  it.each(expected[name]!)('reads $text', async ({ text, ids, tokens, decoded }) => {
    const encoded = await tokenizer.encode(text, { specials: false })
    expect(encoded.map(token => token.id)).toEqual(ids)
    expect(tokenizer.decode(ids)).toBe(decoded)
    // The reference shows an unknown token as the text it covers.
    encoded.forEach(({ piece }, index) => {
      if (piece !== '<unk>') expect(piece).toBe(tokens[index])
    })
  })

  it.each(expected[name]!)('finds the tokens of $text in it', async ({ text }) => {
    const encoded = await tokenizer.encode(text, { specials: false })
    const covered = new Set<number>()
    let previous = 0
    for (const { start, end } of encoded) {
      expect(start).toBeGreaterThanOrEqual(previous)
      expect(end).toBeGreaterThanOrEqual(start)
      expect(end).toBeLessThanOrEqual(text.length)
      expect(text.slice(start, end).isWellFormed()).toBe(true)
      for (let unit = start; unit < end; unit++) covered.add(unit)
      previous = start
    }
    const left = [...text].filter(
      (_, index) => !covered.has([...text].slice(0, index).join('').length)
    )
    // Only white space and what a normalizer takes out may belong to no token.
    expect(left.join('').replace(/[\s\p{Cc}\p{Cf}]/gu, '')).toBe('')
  })

  it('adds what the model expects around a text', async () => {
    const special = (await tokenizer.encode('A text.')).filter(token => token.special)
    expect(special.map(token => token.piece)).toEqual(around)
  })
})
