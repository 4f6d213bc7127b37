import { describe, expect, it } from 'vitest'
import { opened, spans } from './folder.ts'

const pieces = ['<|endoftext|>', 'a', 'b', 'Ġ', 'ab', 'Ġab', 'Ã', '©', '<s>', '</s>']
const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]))
const bpe = { 'vocab.json': vocab, 'merges.txt': '#version: 0.2\na b\nĠ ab\n' }

describe('vocab.json and merges.txt', () => {
  it('are read byte by byte, a part of a character spanning all of it', async () => {
    expect(await spans(await opened(bpe), 'ab abé')).toEqual([
      ['ab', 'ab'],
      ['Ġab', ' ab'],
      ['Ã', 'é'],
      ['©', 'é']
    ])
    const [part] = (await opened(bpe))!.describe([6])
    expect(part).toMatchObject({ piece: 'Ã', text: '\ufffd' })
  })

  it('mark the usual special tokens, and look for those that are declared', async () => {
    const bare = await opened(bpe)
    expect(bare!.describe([0])).toMatchObject([{ special: true, text: '<|endoftext|>' }])
    const declared = await opened({
      ...bpe,
      'special_tokens_map.json': { eos_token: { content: '<|endoftext|>' } },
      'added_tokens.json': { '<new>': 10 }
    })
    expect(declared).toMatchObject({ vocabularySize: 11 })
    expect(await spans(declared, 'a<|endoftext|><new>')).toEqual([
      ['a', 'a'],
      ['<|endoftext|>', '<|endoftext|>'],
      ['<new>', '<new>']
    ])
  })

  it('surround a text as RoBERTa does, or as the settings say', async () => {
    const roberta = await opened(bpe, { model_type: 'roberta' })
    expect(await spans(roberta, 'a', true)).toEqual([
      ['<s>', ''],
      ['a', 'a'],
      ['</s>', '']
    ])
    const settings = { add_bos_token: true, bos_token: '</s>', add_prefix_space: true }
    const opt = await opened({ ...bpe, 'tokenizer_config.json': settings }, { model_type: 'opt' })
    expect(await spans(opt, 'ab', true)).toEqual([
      ['</s>', ''],
      ['Ġab', 'ab']
    ])
  })

  it('are read as lower-cased words where pieces end in </w>', async () => {
    const words = { '<unk>': 0, a: 1, b: 2, 'b</w>': 3, 'ab</w>': 4, 'a</w>': 5 }
    const tokenizer = await opened({ 'vocab.json': words, 'merges.txt': 'a b</w>\n' })
    expect(await spans(tokenizer, 'AB aab')).toEqual([
      ['ab</w>', 'AB'],
      ['a', 'a'],
      ['ab</w>', 'ab']
    ])
    expect(tokenizer!.decode([4, 1, 4])).toBe('ab aab')
  })

  it.each([
    ['a b c', 'merges.txt: line 1: expected two pieces, got "a b c"'],
    ['#version\nab', 'merges.txt: line 2: expected two pieces, got "ab"']
  ])('are refused for the line %j', async (merges, message) => {
    const files = { 'vocab.json': vocab, 'merges.txt': merges }
    await expect(opened(files)).rejects.toMatchObject({ code: 'file-invalid', message })
  })
})

describe('vocab.txt', () => {
  const lines = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'he', '##llo', '!', 'He']

  it('keeps letters as they are where its words are capitalised', async () => {
    const tokenizer = await opened({ 'vocab.txt': lines.join('\n') })
    expect(await spans(tokenizer, 'Hello héllo!', true)).toEqual([
      ['[CLS]', ''],
      ['He', 'He'],
      ['##llo', 'llo'],
      ['[UNK]', 'héllo'],
      ['!', '!'],
      ['[SEP]', '']
    ])
  })

  it('follows the settings beside it, and finds special tokens', async () => {
    const tokenizer = await opened({
      'vocab.txt': lines.join('\r\n'),
      'tokenizer_config.json': { do_lower_case: true }
    })
    expect(await spans(tokenizer, 'HÉLLO[MASK]')).toEqual([
      ['he', 'HÉ'],
      ['##llo', 'LLO'],
      ['[MASK]', '[MASK]']
    ])
    expect(tokenizer!.describe([6])).toMatchObject([{ piece: '##llo', text: 'llo' }])
  })
})
