import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expected, unpackedTokenizer } from '../../golden/tokenizers/unpack.ts'
import { opened, spans } from './folder.ts'
import {
  byte,
  control,
  sentencePieceBytes,
  unknown,
  userDefined,
  type SentencePieceContent
} from './sentencepiece-bytes.ts'

const bytePieces = Array.from(
  { length: 256 },
  (_, value) => [`<0x${value.toString(16).toUpperCase().padStart(2, '0')}>`, 0, byte] as const
)

const pairs: SentencePieceContent = {
  algorithm: 2,
  byteFallback: true,
  removesExtraSpaces: false,
  pieces: [
    ['<unk>', 0, unknown],
    ['<s>', 0, control],
    ['</s>', 0, control],
    ...bytePieces,
    ['aa', -1],
    ['▁a', -2],
    ['aaa', -2.5],
    ['ab', -3],
    ['▁▁', -4],
    ['▁ab', -5],
    ['▁', -10],
    ['a', -11],
    ['b', -12],
    ['ש', -13]
  ]
}

describe('a SentencePiece model of pairs', () => {
  const open = () => opened({ 'tokenizer.model': sentencePieceBytes(pairs) })

  it.each([
    ['aaaaa', ['▁', 'aa', 'aaa']],
    ['ab', ['▁ab']],
    ['aab', ['▁', 'aa', 'b']],
    ['b  b', ['▁', 'b', '▁▁', 'b']],
    ['שa', ['▁', 'ש', 'a']],
    ['', []],
    ['a<s>', ['▁a', '<0x3C>', '<0x73>', '<0x3E>']],
    ['a<0x0A>', ['▁a', '<0x3C>', '<0x30>', '<0x78>', '<0x30>', '<0x41>', '<0x3E>']]
  ])('joins the neighbours of the best score in %j', async (text, pieces) => {
    expect((await spans(await open(), text)).map(([piece]) => piece)).toEqual(pieces)
  })

  it('spells a character it does not know in bytes, each over all of it', async () => {
    const tokenizer = await open()
    expect(await spans(tokenizer, 'a👍b')).toEqual([
      ['▁a', 'a'],
      ['<0xF0>', '👍'],
      ['<0x9F>', '👍'],
      ['<0x91>', '👍'],
      ['<0x8D>', '👍'],
      ['b', 'b']
    ])
    const ids = (await tokenizer!.encode('a👍b', { specials: false })).map(token => token.id)
    expect(tokenizer!.decode(ids)).toBe('a👍b')
  })

  it('starts a text with its start token and marks it', async () => {
    const tokens = await (await open())!.encode('a')
    expect(tokens.map(({ piece, special }) => [piece, special])).toEqual([
      ['<s>', true],
      ['▁a', false]
    ])
  })

  it('follows the settings beside it', async () => {
    const tokenizer = await opened({
      'tokenizer.model': sentencePieceBytes(pairs),
      'tokenizer_config.json': {
        add_bos_token: false,
        add_eos_token: true,
        eos_token: '<end>',
        added_tokens_decoder: { '268': { content: '<end>', special: true } }
      }
    })
    expect(await spans(tokenizer, 'a<end>a', true)).toEqual([
      ['▁a', 'a'],
      ['<end>', '<end>'],
      ['▁a', 'a'],
      ['<end>', '']
    ])
  })
})

describe('a SentencePiece model of likely pieces', () => {
  it('reads as its tokenizer.json does', async () => {
    const folder = unpackedTokenizer('t5-small')
    const json = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as {
      model: { vocab: [string, number][] }
      normalizer: { precompiled_charsmap: string }
    }
    rmSync(folder, { recursive: true })
    const kinds = [control, control, unknown]
    const tokenizer = await opened({
      'spiece.model': sentencePieceBytes({
        algorithm: 1,
        pieces: json.model.vocab
          .slice(0, 32000)
          .map(([piece, score], id) => [piece, score, kinds[id] ?? 1]),
        charsmap: Buffer.from(json.normalizer.precompiled_charsmap, 'base64')
      })
    })
    expect(tokenizer).toMatchObject({ kind: 'Unigram', vocabularySize: 32000 })
    for (const { text, ids } of expected['t5-small']!) {
      // Its tokenizer.json looks for `</s>` in a text; SentencePiece itself does not.
      if (text.includes('</s>')) continue
      const encoded = await tokenizer!.encode(text, { specials: false })
      expect(
        encoded.map(token => token.id),
        text
      ).toEqual(ids)
    }
  })

  it('keeps control pieces out of a text and finds user-defined ones', async () => {
    const tokenizer = await opened({
      'spiece.model': sentencePieceBytes({
        algorithm: 1,
        addsPrefix: false,
        pieces: [
          ['<unk>', 0, unknown],
          ['<s>', 0, control],
          ['<sep>', 0, userDefined],
          ['s', -1],
          ['<', -2],
          ['>', -3],
          ['▁', -4]
        ]
      })
    })
    expect(await spans(tokenizer, '  <s>  <sep>é ')).toEqual([
      ['<', '<'],
      ['s', 's'],
      ['>', '>'],
      ['▁', '  '],
      ['<sep>', '<sep>'],
      ['<unk>', 'é']
    ])
  })

  // What sentencepiece 0.1.97 gives for such models.
  it.each([
    [1, '<sep>s', ['▁', '<sep>', 's']],
    [2, '<sep>s', ['▁', '<sep>', 's']],
    [1, 's<sep> s▁▁', ['▁s', '<sep>', '▁s']],
    [2, 's<sep> s▁▁', ['▁s', '<sep>', '▁s']],
    [1, '▁▁s', ['▁▁', '▁s']],
    [2, '▁▁s', ['▁▁', '▁s']]
  ])(
    'leaves text beside user-defined pieces as it is, of kind %i: %s',
    async (algorithm, text, expected) => {
      const tokenizer = await opened({
        'spiece.model': sentencePieceBytes({
          algorithm,
          pieces: [
            ['<unk>', 0, unknown],
            ['<sep>', 0, userDefined],
            ['▁▁', 0, userDefined],
            ['▁s', -1],
            ['▁', -2],
            ['s', -3]
          ]
        })
      })
      const found = await tokenizer!.encode(text, { specials: false })
      expect(found.map(({ piece }) => piece)).toEqual(expected)
    }
  )

  it.each([
    ['a tiktoken file', 'IQ== 0\nIg== 1\n', 'unsupported', /a tiktoken vocabulary/],
    ['no model', 'not a model', 'file-invalid', /^tokenizer\.model: not a SentencePiece model/],
    ['an empty file', '', 'file-invalid', 'tokenizer.model: the vocabulary is empty'],
    [
      'a model cut short',
      sentencePieceBytes(pairs).slice(0, -3),
      'file-invalid',
      /^tokenizer\.model: not a SentencePiece model/
    ],
    [
      'a model of words',
      sentencePieceBytes({ ...pairs, algorithm: 3 }),
      'unsupported',
      'tokenizer.model: models of whole words are not read'
    ],
    [
      'no unknown piece',
      sentencePieceBytes({ ...pairs, pieces: [['a', 0]] }),
      'file-invalid',
      'tokenizer.model: no unknown piece'
    ]
  ])('refuses %s', async (_, content, code, message) => {
    await expect(opened({ 'tokenizer.model': content })).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string)
    })
  })

  it('refuses a family whose class is not read', async () => {
    const file = { 'sentencepiece.bpe.model': sentencePieceBytes(pairs) }
    await expect(opened(file, { model_type: 'marian' })).rejects.toMatchObject({
      message:
        'config.json: the tokenizer class MarianTokenizer is not read from its vocabulary files'
    })
  })
})

describe('a class that numbers the pieces of a SentencePiece model anew', () => {
  const content: SentencePieceContent = {
    algorithm: 1,
    pieces: [
      ['<unk>', 0, unknown],
      ['<s>', 0, control],
      ['</s>', 0, control],
      ['▁', -3],
      ['a', -2],
      ['▁a', -1]
    ]
  }
  const ids = async (
    file: string,
    config: Record<string, unknown>,
    text: string,
    settings: Record<string, unknown> = {}
  ) => {
    const files = { [file]: sentencePieceBytes(content), 'tokenizer_config.json': settings }
    const tokenizer = await opened(files, config)
    return (await tokenizer!.encode(text)).map(({ id }) => id)
  }

  it.each<[string, string, number[], Record<string, unknown>?]>([
    // <s> <pad> </s> <unk>, then the pieces from the fourth on, then <mask>.
    ['xlm-roberta', 'a<mask>ab', [0, 6, 7, 6, 3, 2]],
    // <s>NOTUSED <pad> </s>NOTUSED <unk> <unk>NOTUSED, then those from the second on, then <mask>.
    ['camembert', 'a<mask>ab', [5, 9, 10, 9, 3, 6]],
    ['xglm', 'a', [2, 6]],
    ['t5', 'a<extra_id_0><extra_id_99>', [5, 105, 6, 2]],
    // As XLM-R numbers them, then 25 languages from 7 on, English the fourth, then <mask>, which takes the space before it.
    ['mbart', 'a <mask>fr_XX</s>', [6, 32, 14, 2, 2, 10]],
    ['mbart', 'a', [6, 2, 8], { src_lang: 'cs_CZ' }],
    // The language before the text, of 52.
    ['mbart', 'a<mask>', [10, 6, 59, 2], { tokenizer_class: 'MBart50Tokenizer' }]
  ])('as %s does', async (model_type, text, expected, settings = {}) => {
    expect(await ids('spiece.model', { model_type }, text, settings)).toEqual(expected)
  })

  it('refuses a language that its class does not have', async () => {
    await expect(
      ids('spiece.model', { model_type: 'mbart' }, 'a', { src_lang: 'af_ZA' })
    ).rejects.toMatchObject({
      message: 'tokenizer_config.json: src_lang "af_ZA" is no language of its class'
    })
  })

  it.each([
    // Its own 105 tokens, in place of the first two pieces.
    [{}, 'a<mask_1><mask_2><unk_2>b', [108, 2, 3, 4, 106, 105, 1]],
    [{ additional_special_tokens: ['<mask_1>', '<x>'] }, '<x><unk_3>', [4, 6, 1]],
    [{ offset: 0 }, 'a<unk>', [5, 2, 1]]
  ])('as Pegasus does with %j', async (settings, text, expected) => {
    const first = [
      ['<pad>', 0, control],
      ['</s>', 0, control],
      ['<unk>', 0, unknown]
    ] as const
    const tokenizer = await opened(
      {
        'spiece.model': sentencePieceBytes({
          ...content,
          pieces: [...first, ...content.pieces.slice(3)]
        }),
        'tokenizer_config.json': settings
      },
      { model_type: 'pegasus' }
    )
    expect((await tokenizer!.encode(text)).map(({ id }) => id)).toEqual(expected)
  })

  describe('by a vocabulary, as M2M-100 does,', () => {
    const opening = (vocabulary: unknown, settings = {}) =>
      opened(
        {
          'sentencepiece.bpe.model': sentencePieceBytes(content),
          'vocab.json': vocabulary,
          'tokenizer_config.json': { tokenizer_class: 'M2M100Tokenizer', ...settings }
        },
        { model_type: 'm2m_100' }
      )
    const vocabulary = {
      '<s>': 0,
      '<pad>': 1,
      '</s>': 2,
      '<unk>': 3,
      '▁a': 4,
      other: 5,
      a: 6,
      '▁': 7
    }

    it.each([
      // Of 100 languages from 8 on the 19th is English.
      [{}, 'aa b__fr__', [26, 4, 6, 7, 3, 32, 2]],
      [{ src_lang: 'am' }, 'a', [9, 4, 2]],
      [{ language_codes: 'wmt21' }, 'a__ha__', [8, 4, 9, 2]]
    ])('with %j', async (settings, text, expected) => {
      const found = await (await opening(vocabulary, settings))!.encode(text)
      expect(found.map(({ id }) => id)).toEqual(expected)
    })

    it('never as a piece that the vocabulary alone has', async () => {
      const found = await (await opening(vocabulary))!.encode('other')
      expect(found.map(({ id }) => id)).not.toContain(5)
    })

    it.each([
      [{ ...vocabulary, a: 9 }, /^vocab\.json: no piece has the id 6/],
      [{ '<s>': 0, '<unk>': 1, '▁': 2, a: 3 }, /^vocab\.json: lacks the piece "▁a"/]
    ])('refused of %j', async (vocabulary, message) => {
      await expect(opening(vocabulary)).rejects.toMatchObject({
        message: expect.stringMatching(message) as string
      })
    })
  })

  it.each([
    ['XLNetTokenizer', ['<sep>', '<cls>'], ['▁a', '<unk>', '<sep>', '<cls>']],
    ['BigBirdTokenizer', ['[CLS]', '[SEP]'], ['[CLS]', '▁', '<unk>', '[SEP]']],
    ['FNetTokenizer', ['[CLS]', '[SEP]'], ['[CLS]', '▁a', '<unk>', '[SEP]']],
    // Accents are kept.
    ['RemBertTokenizer', ['[CLS]', '[SEP]'], ['[CLS]', '▁', '<unk>', '[SEP]']]
  ])('as %s does, which needs its own special pieces', async (tokenizer_class, names, expected) => {
    const pieces = [...content.pieces, ...names.map(name => [name, 0, control] as const)]
    const tokenizer = await opened({
      'spiece.model': sentencePieceBytes({ ...content, pieces }),
      'tokenizer_config.json': { tokenizer_class }
    })
    // XLNet takes accents off and leaves the case.
    const found = await tokenizer!.encode('áÁ')
    expect(found.map(({ piece }) => piece)).toEqual(expected)
  })
})
