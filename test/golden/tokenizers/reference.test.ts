import { readdirSync, rmSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Token } from '#common/model/token.ts'
import { openTokenizer, type Tokenizer } from '../../../src/main/tokenizer/tokenizer.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
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

/** Those that keep every byte of a text. */
const exact = ['gpt2', 'roberta-base']

const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('שָׁלוֹם', 'e\u0301\u0323', 'İΣ', 'ﬁ½', '각', 'ｶﾞ', '👩‍👧', '  ', '\n\n', 'the ')
    ),
    { maxLength: 6 }
  )
  .map(parts => parts.join(''))

/** Tokens lie in the text in order, end between characters, and leave out nothing that is seen. */
function expectPlaced(text: string, tokens: readonly Token[]): void {
  const covered = new Set<number>()
  let previous = 0
  for (const { start, end } of tokens) {
    expect(start).toBeGreaterThanOrEqual(previous)
    expect(end).toBeGreaterThanOrEqual(start)
    expect(end).toBeLessThanOrEqual(text.length)
    expect(text.slice(start, end).isWellFormed()).toBe(true)
    for (let unit = start; unit < end; unit++) covered.add(unit)
    previous = start
  }
  // Only white space and what a normalizer takes out may belong to no token.
  for (const { 0: character, index } of text.matchAll(/[^]/gu))
    if (!covered.has(index)) expect(character).toMatch(/[\s\p{C}\p{M}\ufffd]/u)
}

describe.each(published)('$name', ({ name, kind, vocabularySize, around }) => {
  let folder: string
  let tokenizer: Tokenizer

  beforeAll(async () => {
    folder = unpackedTokenizer(name)
    tokenizer = (await openTokenizer(await openFolder(folder), readdirSync(folder), {}))!
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
    expectPlaced(text, await tokenizer.encode(text, { specials: false }))
  })

  it('finds the tokens of any text in it', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async text => {
        const encoded = await tokenizer.encode(text, { specials: false })
        expectPlaced(text, encoded)
        if (exact.includes(name))
          expect(tokenizer.decode(encoded.map(token => token.id))).toBe(text)
      }),
      { numRuns: 200, seed: 11 }
    )
  })

  it('adds what the model expects around a text', async () => {
    const special = (await tokenizer.encode('A text.')).filter(token => token.special)
    expect(special.map(token => token.piece)).toEqual(around)
  })
})
