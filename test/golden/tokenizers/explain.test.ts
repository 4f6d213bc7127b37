import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Merge } from '#common/model/text-explanation.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
import { openTokenizer, type Tokenizer } from '../../../src/main/tokenizer/tokenizer.ts'
import { expected, unpackedTokenizer } from './unpack.ts'

/** The pieces of a text once pairs are joined where merges say. */
function joined(text: string, merges: readonly Merge[]): string[] {
  const pieces = Array.from(text)
  for (const { left, right, at } of merges) {
    let [start, i] = [0, 0]
    while (start < at) start += pieces[i++]!.length
    expect(start).toBe(at)
    expect([pieces[i], pieces[i + 1]]).toEqual([left, right])
    pieces.splice(i, 2, left + right)
  }
  return pieces
}

describe.each(Object.keys(expected))('the explanation of %s', name => {
  let folder: string
  let tokenizer: Tokenizer
  beforeAll(async () => {
    folder = unpackedTokenizer(name)
    tokenizer = (await openTokenizer(await openFolder(folder), readdirSync(folder), {}))!
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('leads to the tokens of each text, and from merges or the best path to its pieces', async () => {
    for (const { text } of expected[name]!) {
      const { kind, before, parts, after } = tokenizer.explain(text)
      expect(kind).toBe(tokenizer.kind)
      const all = [...before, ...parts.flatMap(({ tokens }) => tokens), ...after]
      expect(all).toEqual(await tokenizer.encode(text))
      for (const part of parts) {
        const pieces = part.tokens.map(({ piece }) => piece)
        expect(part.merges !== null).toBe(kind === 'BPE' && !part.added)
        if (part.merges !== null) expect(joined(part.text, part.merges)).toEqual(pieces)
        expect(part.path !== null).toBe(kind === 'Unigram' && !part.added)
        if (part.path !== null && !part.tokens.some(({ unknown }) => unknown))
          expect(part.path.map(({ piece }) => piece)).toEqual(pieces)
      }
    }
  })
})

describe('step by step', () => {
  async function opened(name: string) {
    const folder = unpackedTokenizer(name)
    const tokenizer = (await openTokenizer(await openFolder(folder), readdirSync(folder), {}))!
    return { folder, tokenizer }
  }

  it('merges have the ranks of merges.txt, the lowest first of those that there are', async () => {
    const { folder, tokenizer } = await opened('gpt2')
    const lines = readFileSync(join(folder, 'merges.txt'), 'utf8')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#version'))
    const { normalized, parts } = tokenizer.explain(' unhappiness 日本')
    expect(normalized).toBe(' unhappiness 日本')
    expect(parts.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['Ġunhappiness', 0, 12],
      ['ĠæĹ¥æľ¬', 12, 15]
    ])
    const merges = parts[0]!.merges!
    for (const { left, right, rank } of merges) expect(lines[rank]).toBe(`${left} ${right}`)
    // No other pair that could have been joined at the first step has a lower rank.
    const characters = Array.from(parts[0]!.text)
    const ranks = characters
      .slice(1)
      .map((right, i) => lines.indexOf(`${characters[i]} ${right}`))
      .filter(rank => rank >= 0)
    expect(merges[0]!.rank).toBe(Math.min(...ranks))
  })

  it('the best path of a unigram model is the likeliest of all', async () => {
    const { folder, tokenizer } = await opened('t5-small')
    const { model } = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as {
      model: { vocab: [string, number][] }
    }
    const scores = new Map(model.vocab)
    const { normalized, parts } = tokenizer.explain('unbelievable ﬁne transformers')
    expect(normalized).toBe('unbelievable fine transformers')
    for (const { text, path } of parts) {
      /** Of the first so many letters. */
      const best = [0]
      for (let end = 1; end <= text.length; end++)
        best[end] = Math.max(
          ...Array.from({ length: end }, (_, start) => {
            const score = scores.get(text.slice(start, end))
            return score === undefined ? -Infinity : best[start]! + score
          })
        )
      const total = path!.reduce((sum, { score }) => sum + score, 0)
      expect(total).toBeCloseTo(best.at(-1)!, 4)
    }
  })

  it('an added token is found as typed; what is normalised is said', async () => {
    const { tokenizer } = await opened('bert-base-uncased')
    const { normalized, parts, before, after } = tokenizer.explain('Café [MASK] ÄB')
    expect(normalized).toBe('cafe [MASK] ab')
    expect(parts.map(({ text, added }) => [text, added])).toEqual([
      ['cafe', false],
      ['[MASK]', true],
      ['ab', false]
    ])
    expect([before, after].map(tokens => tokens.map(({ piece }) => piece))).toEqual([
      ['[CLS]'],
      ['[SEP]']
    ])
    expect(parts.map(({ merges, path }) => [merges, path])).toEqual(Array(3).fill([null, null]))
  })
})
