import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tokenizer } from '../../../src/main/tokenizer/tokenizer.ts'
import { tokenizerIn } from './folder.ts'

const sample = join(import.meta.dirname, '../../../resources/samples/shakespeare-char')

describe('the sample of one token per character', () => {
  it('reads every character as its own token', async () => {
    const tokenizer = (await tokenizerIn(sample, ['tokenizer.json'], {}))!
    const text = 'First Citizen:\nBefore we proceed any further, hear me speak.\n'
    const tokens = await tokenizer.encode(text)
    expect(tokenizer).toMatchObject({ kind: 'WordLevel', vocabularySize: 65 })
    expect(tokens.map(token => token.text).join('')).toBe(text)
    expect(tokens.map(token => [token.start, token.end])).toEqual(
      Array.from(text, (_, index) => [index, index + 1])
    )
    expect(tokens.slice(0, 6).map(token => token.id)).toEqual([18, 47, 56, 57, 58, 1])
    expect(tokenizer.decode(tokens.map(token => token.id))).toBe(text)
  })

  it('reads a character it does not know as its unknown token, over the whole character', async () => {
    const tokenizer = (await tokenizerIn(sample, ['tokenizer.json'], {}))!
    const tokens = await tokenizer.encode('a👍\nb')
    expect(tokens.map(({ id, start, end, unknown }) => [id, start, end, unknown])).toEqual([
      [39, 0, 1, undefined],
      [0, 1, 3, true],
      [0, 3, 4, undefined],
      [40, 4, 5, undefined]
    ])
  })

  it('describes ids, also those that are none of its own', async () => {
    const tokenizer = (await tokenizerIn(sample, ['tokenizer.json'], {}))!
    expect(tokenizer.describe([0, 65, -1, 1.5]).map(token => token.piece)).toEqual([
      '\n',
      '#65',
      '#-1',
      '#1.5'
    ])
  })
})

describe('tokenizer.json', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamella-tokenizer-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function opened(definition: Record<string, unknown>): Promise<Tokenizer> {
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(definition))
    return (await tokenizerIn(folder, ['tokenizer.json'], {}))!
  }
  const words = (...pieces: string[]) => ({
    type: 'WordLevel',
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    unk_token: '<unk>'
  })
  async function spans(tokenizer: Tokenizer, text: string): Promise<(readonly [string, string])[]> {
    const tokens = await tokenizer.encode(text)
    return tokens.map(({ piece, start, end }) => [piece, text.slice(start, end)])
  }

  it('names a character that has no token', async () => {
    const tokenizer = await opened({
      model: { type: 'WordLevel', vocab: { a: 0 } },
      pre_tokenizer: { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated' }
    })
    await expect(tokenizer.encode('aaé')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'The vocabulary has no token for "é" (U+00E9) at position 2'
    })
  })

  it('finds lower-cased words without accents in the text as typed', async () => {
    const tokenizer = await opened({
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        lowercase: true
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      model: words('<unk>', 'cafe', '世', '界', '!')
    })
    expect(await spans(tokenizer, 'CAFÉ  世界 cafe\u0301!')).toEqual([
      ['cafe', 'CAFÉ'],
      ['世', '世'],
      ['界', '界'],
      ['cafe', 'cafe\u0301'],
      ['!', '!']
    ])
  })

  it('finds letters that a compatibility form takes apart', async () => {
    const tokenizer = await opened({
      normalizer: { type: 'NFKC' },
      pre_tokenizer: { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated' },
      model: words('<unk>', 'f', 'i', 'ガ', '각')
    })
    expect(await spans(tokenizer, 'ﬁｶﾞ\u1100\u1161\u11a8')).toEqual([
      ['f', 'ﬁ'],
      ['i', 'ﬁ'],
      ['ガ', 'ｶﾞ'],
      ['각', '\u1100\u1161\u11a8']
    ])
  })

  it('lower-cases letter by letter, also where that makes two of one', async () => {
    const tokenizer = await opened({
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'WhitespaceSplit' },
      model: words('<unk>', 'σοφόσ', 'i\u0307s')
    })
    expect(await spans(tokenizer, 'ΣΟΦΌΣ İS')).toEqual([
      ['σοφόσ', 'ΣΟΦΌΣ'],
      ['i\u0307s', 'İS']
    ])
  })

  it.each([
    ['Removed', ['a', 'b', 'c']],
    ['Isolated', ['a', '-', '-', 'b', '-', 'c']],
    ['Contiguous', ['a', '--', 'b', '-', 'c']],
    ['MergedWithPrevious', ['a-', '-', 'b-', 'c']],
    ['MergedWithNext', ['a', '-', '-b', '-c']]
  ])('splits with the behaviour %s', async (behavior, expected) => {
    const tokenizer = await opened({
      pre_tokenizer: { type: 'Split', pattern: { String: '-' }, behavior, invert: false },
      model: words('<unk>')
    })
    const found = await spans(tokenizer, 'a--b-c')
    expect(found.map(([, text]) => text)).toEqual(expected)
  })

  it('takes the white space that an added token strips', async () => {
    const mask = { id: 1, content: '[MASK]', special: true, lstrip: true, rstrip: false }
    const alone = { id: 2, content: 'ab', special: false, normalized: false, single_word: true }
    const tokenizer = await opened({
      added_tokens: [mask, alone],
      pre_tokenizer: { type: 'WhitespaceSplit' },
      model: words('<unk>')
    })
    const text = 'x  [MASK] y ab abc'
    const tokens = await tokenizer.encode(text)
    expect(tokens.map(({ piece, start, end }) => [piece, text.slice(start, end)])).toEqual([
      ['<unk>', 'x'],
      ['[MASK]', '  [MASK]'],
      ['<unk>', 'y'],
      ['ab', 'ab'],
      ['<unk>', 'abc']
    ])
    expect(tokens.map(token => token.special)).toEqual([false, true, false, false, false])
  })

  it('starts a text as the settings of a Llama tokenizer say', async () => {
    await writeFile(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({ tokenizer_class: 'LlamaTokenizer', add_bos_token: true, bos_token: '<s>' })
    )
    await writeFile(
      join(folder, 'tokenizer.json'),
      JSON.stringify({ pre_tokenizer: { type: 'WhitespaceSplit' }, model: words('<s>', 'a') })
    )
    const tokenizer = await tokenizerIn(folder, ['tokenizer.json', 'tokenizer_config.json'], {})
    expect((await tokenizer!.encode('a')).map(token => token.piece)).toEqual(['<s>', 'a'])
  })

  it('leaves ids of no token out of a text', async () => {
    const tokenizer = await opened({ model: words('a', 'b'), decoder: { type: 'Fuse' } })
    expect(tokenizer.decode([1, 7, -1, 0])).toBe('ba')
    expect(tokenizer.decode([])).toBe('')
  })

  it('puts rare Chinese characters apart', async () => {
    const tokenizer = await opened({
      normalizer: { type: 'BertNormalizer', handle_chinese_chars: true },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      model: words('<unk>', 'a', '𠀀')
    })
    expect(await spans(tokenizer, 'a𠀀𠀀')).toEqual([
      ['a', 'a'],
      ['𠀀', '𠀀'],
      ['𠀀', '𠀀']
    ])
  })

  it('gives null for a folder without a tokenizer', async () => {
    expect(await tokenizerIn(folder, ['config.json', 'model.safetensors'], {})).toBeNull()
  })
})
