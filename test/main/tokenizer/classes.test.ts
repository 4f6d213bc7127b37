import { describe, expect, it } from 'vitest'
import { opened, spans, type Files } from './folder.ts'

const numbered = (pieces: readonly string[]) =>
  Object.fromEntries(pieces.map((piece, id) => [piece, id]))

const named = (tokenizer_class: string, more: Files = {}) => ({
  'tokenizer_config.json': { tokenizer_class, ...more }
})

const ids = async (files: Files, text: string, config: Record<string, unknown> = {}) =>
  (await (await opened(files, config))!.encode(text)).map(({ id }) => id)

describe('vocab.json and merges.txt', () => {
  const bytes = ['<|endoftext|>', 'a', 'b', 'Ġ', 'ab', 'Ġab', 'Ċ', 'ĊĊ', 'Ã', '©', '1', '.', '.a']
  const more = ['<s>', '</s>', '<mask>', '[CLS]', '[SEP]', 'A', "'", '12', '2']
  const files = {
    'vocab.json': numbered([...bytes, ...more]),
    'merges.txt': '#version: 0.2\na b\nĠ ab\nĊ Ċ\n. a\n1 2\n'
  }

  it.each<[string, string, (string | number)[]]>([
    ['GPT2Tokenizer', 'a.a\n\nab12', ['a', '.', 'a', 'Ċ', 'Ċ', 'ab', '12']],
    ['Qwen2Tokenizer', 'a.a\n\nab12', ['a', '.a', 'ĊĊ', 'ab', '1', '2']],
    ['Qwen2TokenizerFast', 'e\u0301a', ['Ã', '©', 'a']],
    ['GPTNeoXTokenizer', 'e\u0301a', ['Ã', '©', 'a']],
    ['RobertaTokenizer', 'a <mask>a', ['<s>', 'a', '<mask>', 'a', '</s>']],
    ['DebertaTokenizer', 'ab', ['[CLS]', 'ab', '[SEP]']],
    ['BlenderbotTokenizer', 'ab', ['ab', '</s>']]
  ])('of %s are read as it reads them', async (name, text, expected) => {
    const tokenizer = await opened({ ...files, ...named(name, { unk_token: '<|endoftext|>' }) })
    const found = (await tokenizer!.encode(text)).map(({ piece }) => piece)
    expect(found).toEqual(expected)
  })

  it('of a family are read as its class does', async () => {
    const tokenizer = await opened(files, { model_type: 'qwen2' })
    expect((await spans(tokenizer, 'a.a')).map(([piece]) => piece)).toEqual(['a', '.a'])
  })

  it('are called encoder.json and vocab.bpe by others', async () => {
    const renamed = { 'encoder.json': files['vocab.json'], 'vocab.bpe': files['merges.txt'] }
    expect(await ids(renamed, ' ab')).toEqual([5])
  })

  it('of CLIP are lower-cased words whose ends are marked', async () => {
    const pieces = ['<|startoftext|>', '<|endoftext|>', 'a', 'b</w>', 'ab</w>', '!</w>', '1</w>']
    const clip = {
      'vocab.json': numbered(pieces),
      'merges.txt': '#version: 0.2\na b</w>\n',
      ...named('CLIPTokenizer')
    }
    expect(await ids(clip, 'AB \n!11')).toEqual([0, 4, 5, 6, 6, 1])
    expect((await opened(clip))!.decode([4, 5])).toBe('ab ! ')
    expect((await opened(clip))!.describe([4])).toMatchObject([{ piece: 'ab</w>', text: 'ab' }])
  })

  it('of HerBERT and of GPT part at marks, one with the case as it is', async () => {
    const pieces = ['<s>', '<pad>', '</s>', '<unk>', 'a', 'b</w>', 'ab</w>', 'A', '!</w>', 'Ą</w>']
    const words = { 'vocab.json': numbered(pieces), 'merges.txt': 'a b</w>\n' }
    expect(await ids({ ...words, ...named('HerbertTokenizer') }, 'ab! AĄ')).toEqual([
      ...[0, 6, 8],
      ...[7, 9, 2]
    ])
    expect(await ids({ ...words, ...named('OpenAIGPTTokenizer') }, 'AB!')).toEqual([6, 8])
  })

  it('of CTRL are words of which all pieces but the last go on', async () => {
    const pieces = ['<unk>', 'l@@', 'ink', 'links', 'in@@', 'k']
    const ctrl = {
      'vocab.json': numbered(pieces),
      'merges.txt': '#version: 0.2\ni n\nk s</w>\nin k</w>\nin ks</w>\n',
      ...named('CTRLTokenizer')
    }
    expect(await ids(ctrl, 'link  links ink x')).toEqual([1, 2, 1, 0, 2, 0])
    expect((await opened(ctrl))!.decode([1, 2, 3])).toBe('link links')
  })

  it('of Whisper are put between what a transcript begins and ends with', async () => {
    const added = { '<|startoftranscript|>': 30, '<|notimestamps|>': 31 }
    const whisper = { ...files, 'added_tokens.json': added, ...named('WhisperTokenizer') }
    expect(await ids(whisper, 'ab')).toEqual([30, 31, 4, 0])
  })
})

describe('vocab.txt', () => {
  it('that says no case keeps that of capitalised words, and says so', async () => {
    const pieces = ['[UNK]', '[CLS]', '[SEP]', 'hello', 'Hello']
    const files = { 'vocab.txt': pieces.join('\n') }
    expect(await ids(files, 'Hello')).toEqual([1, 4, 2])
    expect((await opened(files))!.notes).toEqual([expect.stringMatching(/keep their case/)])
    const said = { ...files, 'tokenizer_config.json': { do_lower_case: true } }
    expect(await ids(said, 'Hello')).toEqual([1, 3, 2])
    expect((await opened(said))!.notes).toEqual([])
  })

  const lines = ['<s>', '<pad>', '</s>', '[UNK]', '<mask>', 'ab', '##c', 'Ab', 'á', '漢', '漢字']

  it('of MPNet has the special tokens of RoBERTa', async () => {
    const files = { 'vocab.txt': lines.join('\n'), ...named('MPNetTokenizer') }
    expect(await ids(files, 'Abc  <mask>')).toEqual([0, 5, 6, 4, 2])
  })

  it('is read with the settings of its class', async () => {
    const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'ab', 'Ab', 'á', 'a', '漢', '漢字', '##字']
    const read = (settings: Files, text: string) =>
      ids({ 'vocab.txt': pieces.join('\n'), ...named('BertTokenizer', settings) }, text)
    expect(await read({}, 'Ab á 漢字')).toEqual([2, 4, 7, 8, 1, 3])
    expect(await read({ do_lower_case: false }, 'Ab á')).toEqual([2, 5, 6, 3])
    expect(await read({ strip_accents: false }, 'Á')).toEqual([2, 6, 3])
    expect(await read({ tokenize_chinese_chars: false }, '漢字')).toEqual([2, 9, 3])
  })

  it('of PhoBERT has counts, and its pairs are in bpe.codes', async () => {
    const phobert = {
      'vocab.txt': 'tôi 120\nlà 110\nhọc 70\ntr@@ 50\nường 40\n',
      'bpe.codes':
        't ô 9\ntô i</w> 8\nl à</w> 7\nh ọ 6\nhọ c</w> 5\nt r 4\nư ờ 3\nườ ng</w> 2\nn g</w> 1\n',
      ...named('PhobertTokenizer')
    }
    // <s> <pad> </s> <unk> come before all others, <mask> behind them.
    expect(await ids(phobert, 'tôi là <mask> học')).toEqual([0, 4, 5, 9, 6, 2])
    expect(await spans(await opened(phobert), 'trường x')).toEqual([
      ['tr@@', 'tr'],
      ['ường', 'ường'],
      ['<unk>', 'x']
    ])
    expect((await opened(phobert))!.decode([4, 7, 8])).toBe('tôi trường')
    const { 'bpe.codes': codes, ...without } = phobert
    expect(codes).toBeDefined()
    await expect(opened(without)).rejects.toMatchObject({
      message:
        'tokenizer_config.json: PhobertTokenizer reads vocab.txt and bpe.codes, which the folder does not have'
    })
  })

  it.each([
    ['BertJapaneseTokenizer', /BertJapaneseTokenizer is not read: it splits words with MeCab/],
    ['KoBertTokenizer', /the tokenizer class KoBertTokenizer is not read from its vocabulary files/]
  ])('of %s is refused by that name', async (name, message) => {
    const files = { 'vocab.txt': lines.join('\n'), 'spiece.model': '', ...named(name) }
    await expect(opened(files)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(message) as string
    })
    await expect(
      opened({ 'vocab.txt': lines.join('\n') }, { tokenizer_class: name })
    ).rejects.toMatchObject({ message: expect.stringMatching(/^config\.json: /) as string })
  })

  it.each([
    ['▁a\n▁b\nc', 'vocab.txt: holds SentencePiece pieces, whose model is not here'],
    ['a 12\nb 3\nc 1', 'vocab.txt: holds a fairseq dictionary']
  ])('of another kind, %j, is not taken for BERT’s', async (content, message) => {
    await expect(opened({ 'vocab.txt': content })).rejects.toMatchObject({ message })
  })
})

describe('tokenizer.json', () => {
  const model = { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1, A: 2, á: 3 }, unk_token: '[UNK]' }
  const bert = {
    model,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: false
    },
    pre_tokenizer: { type: 'BertPreTokenizer' }
  }

  it.each([
    [{ tokenizer_class: 'BertTokenizer', do_lower_case: true }, [1, 1]],
    [{ tokenizer_class: 'BertTokenizer', do_lower_case: false }, [2, 3]],
    [{ tokenizer_class: 'BertTokenizer' }, [1, 1]],
    [{ tokenizer_class: 'PreTrainedTokenizerFast', do_lower_case: true }, [2, 3]]
  ])('gives way to the settings of BERT: %j', async (settings, expected) => {
    const files = { 'tokenizer.json': bert, 'tokenizer_config.json': settings }
    expect(await ids(files, 'A á')).toEqual(expected)
  })

  it('has a space before a text where the class says so', async () => {
    const files = (add_prefix_space: boolean) => ({
      'tokenizer.json': {
        model: { type: 'WordLevel', vocab: { a: 0, Ġa: 1 } },
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true }
      },
      ...named('GPT2Tokenizer', { add_prefix_space })
    })
    expect(await ids(files(false), 'a')).toEqual([0])
    expect(await ids(files(true), 'a')).toEqual([1])
  })

  it.each<[string, Record<string, unknown>, Files, (string | number)[]]>([
    ['nothing', {}, {}, [0]],
    ['a role', { pad_token: '<p>' }, {}, [1, 5, 1]],
    ['a role with its flags', { pad_token: { content: '<p>', lstrip: true } }, {}, [1, 5, 1]],
    ['a role of a piece of its own', { eos_token: 'á' }, {}, [0]],
    [
      'tokens by ids',
      { added_tokens_decoder: { 9: { content: 'x' }, 8: { content: '<p>' } } },
      {},
      [1, 5, 1]
    ],
    ['more in a list', { additional_special_tokens: ['<q>', '<p>'] }, {}, [1, 6, 1]],
    ['more by names', { extra_special_tokens: { image_token: '<p>' } }, {}, [1, 5, 1]],
    ['a file of roles', {}, { 'special_tokens_map.json': { pad_token: '<p>' } }, [1, 5, 1]],
    [
      'tokens by ids, which a file of roles gives way to',
      { added_tokens_decoder: {} },
      { 'special_tokens_map.json': { pad_token: '<p>' } },
      [0]
    ]
  ])(
    'gets the tokens that it lacks where beside it is said %s',
    async (_, settings, more, expected) => {
      const added_tokens = [{ id: 4, content: '[X]', special: true }]
      const files = {
        'tokenizer.json': { model, added_tokens, pre_tokenizer: null },
        'tokenizer_config.json': { tokenizer_class: 'PreTrainedTokenizerFast', ...settings },
        ...more
      }
      expect(await ids(files, 'a<p>a')).toEqual(expected)
    }
  )

  it('says what of it is not done, and that its class is not known', async () => {
    const files = {
      'tokenizer.json': { ...bert, truncation: { max_length: 128 }, padding: { pad_id: 0 } },
      ...named('MyOwnTokenizer')
    }
    expect((await opened(files))!.notes).toEqual([
      'tokenizer.json cuts texts after 128 tokens: here they are not cut.',
      'tokenizer.json fills texts up with padding: here nothing is added to them.',
      'The tokenizer class MyOwnTokenizer is not known: tokenizer.json is read as it stands.'
    ])
    expect((await opened({ 'tokenizer.json': bert }))!.notes).toEqual([])
  })

  it('of a class that has no reading of it counts for nothing', async () => {
    const files = { 'tokenizer.json': bert, 'vocab.txt': 'a', ...named('BertJapaneseTokenizer') }
    await expect(opened(files)).rejects.toThrow('BertJapaneseTokenizer is not read')
  })
})
