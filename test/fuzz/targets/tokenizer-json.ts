import type { Random } from '../random.ts'

/** A tokenizer.json of parts that fit together or do not. */
export function tokenizerJson(random: Random): string {
  return JSON.stringify({
    added_tokens: random.several(0, 3, () => ({
      id: random.below(40),
      content: random.pick(['<s>', '</s>', '<mask>', 'a', ' a', 'ab', '\u0301', '👍']),
      special: random.oneIn(2),
      normalized: random.oneIn(2),
      lstrip: random.oneIn(2),
      rstrip: random.oneIn(2),
      single_word: random.oneIn(3)
    })),
    normalizer: random.oneIn(3) ? null : step(random, normalizers, 'normalizers'),
    pre_tokenizer: random.oneIn(3) ? null : step(random, preTokenizers, 'pretokenizers'),
    model: random.pick(models)(random),
    post_processor: random.oneIn(2) ? null : step(random, postProcessors, 'processors'),
    decoder: random.oneIn(3) ? null : step(random, decoders, 'decoders')
  })
}

type Step = Readonly<Record<string, unknown>>
type Steps = readonly ((random: Random) => Step)[]

function step(random: Random, steps: Steps, key: string, depth = 0): Step {
  if (depth > 2 || !random.oneIn(3)) return random.pick(steps)(random)
  const inner = random.several(0, 3, () => step(random, steps, key, depth + 1))
  return { type: 'Sequence', [key]: inner }
}

const vocabulary = {
  '<unk>': 0,
  '<s>': 1,
  '</s>': 2,
  a: 3,
  b: 4,
  ab: 5,
  Ġ: 6,
  Ġa: 7,
  '▁': 8,
  '▁a': 9,
  '##b': 10,
  'b</w>': 11,
  é: 12,
  '<0x41>': 13,
  T: 14,
  h: 15
}

const models: Steps = [
  random => ({
    type: 'BPE',
    vocab: vocabulary,
    merges: random.pick([['a b', 'Ġ a', '▁ a'], [['a', 'b']], [], ['a'], ['x y z']]),
    unk_token: random.pick([null, '<unk>', 'none']),
    byte_fallback: random.oneIn(2),
    fuse_unk: random.oneIn(2),
    end_of_word_suffix: random.pick([null, '</w>', '']),
    ignore_merges: random.oneIn(2),
    dropout: random.pick([null, 0.5])
  }),
  random => ({
    type: 'WordPiece',
    vocab: vocabulary,
    unk_token: random.pick(['<unk>', 'none']),
    continuing_subword_prefix: random.pick(['##', '']),
    max_input_chars_per_word: random.pick([100, 0, 1e9])
  }),
  random => ({
    type: 'Unigram',
    vocab: Object.keys(vocabulary).map(piece => [piece, -random.below(20)]),
    unk_id: random.pick([0, null, 99]),
    byte_fallback: random.oneIn(2)
  }),
  random => ({
    type: 'WordLevel',
    vocab: vocabulary,
    unk_token: random.pick(['<unk>', 'none', null])
  })
]

/** Patterns that backtrack, grow, match nothing, or are none. */
const patterns = [
  ...['(a+)+$', '(a|aa)+$', '.*.*=.*', '(?:)', '', '[', '(?<n>', '\\p{L', '\\p{Han}+', '(?i:a)'],
  ...['a{1000000}', '(?:a{100}){100}', '\\s+(?!\\S)|\\s+', '\\A +| +\\z', '(?>a+)b', '\\1(a)'],
  ...['[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+', '\\X', '(?=a)', '(?<=a)', '\\u{110000}', '$^', '|', '\\']
]
const pattern = (random: Random) => {
  const kind = random.pick(['Regex', 'String'])
  return { [kind]: random.pick(patterns) }
}

const normalizers: Steps = [
  random => ({ type: random.pick(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents']) }),
  random => ({ type: 'Strip', strip_left: random.oneIn(2), strip_right: random.oneIn(2) }),
  random => ({ type: 'Prepend', prepend: random.pick(['▁', '', 'abc', null]) }),
  random => ({
    type: 'Replace',
    pattern: pattern(random),
    content: random.pick(['', '▁', '$&$&'])
  }),
  random => ({
    type: 'BertNormalizer',
    clean_text: random.oneIn(2),
    handle_chinese_chars: random.oneIn(2),
    strip_accents: random.pick([null, true, false]),
    lowercase: random.oneIn(2)
  }),
  random => ({
    type: 'Precompiled',
    precompiled_charsmap: Buffer.from(random.bytes(random.below(64))).toString('base64')
  }),
  random => ({
    type: 'Precompiled',
    precompiled_charsmap: Buffer.concat([
      Buffer.from([32, 0, 0, 0]),
      random.bytes(32),
      Buffer.from('x\0yz\0')
    ]).toString('base64')
  }),
  random => ({ type: random.pick(['ByteLevel', 'Nmt', 'Unknown', '']) })
]

const preTokenizers: Steps = [
  random => ({
    type: 'ByteLevel',
    add_prefix_space: random.oneIn(2),
    use_regex: random.oneIn(2),
    trim_offsets: random.oneIn(2)
  }),
  random => ({
    type: 'Metaspace',
    replacement: random.pick(['▁', '', 'ab', '(', null]),
    prepend_scheme: random.pick(['always', 'first', 'never', 'x', null]),
    split: random.oneIn(2)
  }),
  random => ({
    type: 'Split',
    pattern: pattern(random),
    behavior: random.pick([
      ...['Removed', 'Isolated', 'Contiguous', 'MergedWithPrevious', 'MergedWithNext', 'x']
    ]),
    invert: random.oneIn(2)
  }),
  random => ({ type: random.pick(['Whitespace', 'WhitespaceSplit', 'BertPreTokenizer', 'X']) }),
  random => ({ type: 'Punctuation', behavior: random.pick(['Isolated', 'Removed', 'x']) }),
  random => ({ type: 'Digits', individual_digits: random.oneIn(2) }),
  random => ({ type: 'FixedLength', length: random.pick([1, 0, -1, 3.5, 1e9, null]) })
]

const postProcessors: Steps = [
  random => ({ type: 'ByteLevel', trim_offsets: random.oneIn(2) }),
  random => ({
    type: 'TemplateProcessing',
    single: random.pick([
      [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: 'none', type_id: 0 } }],
      [],
      [{}]
    ]),
    pair: [],
    special_tokens: {}
  }),
  random => ({
    type: random.pick(['BertProcessing', 'RobertaProcessing']),
    cls: ['<s>', 1],
    sep: random.pick([['</s>', 2], ['none', 77], null])
  })
]

const decoders: Steps = [
  random => ({
    type: random.pick(['ByteLevel', 'ByteFallback', 'Fuse', 'X', 'WordPiece', 'BPEDecoder'])
  }),
  random => ({ type: 'Metaspace', replacement: random.pick(['▁', '', null]) }),
  random => ({
    type: 'WordPiece',
    prefix: random.pick(['##', '', null]),
    cleanup: random.oneIn(2)
  }),
  random => ({
    type: 'Strip',
    content: random.pick([' ', 'a', '']),
    start: random.below(3),
    stop: 1
  }),
  random => ({
    type: 'Replace',
    pattern: pattern(random),
    content: random.pick([' ', '$&', null])
  }),
  random => ({ type: 'CTC', pad_token: '<s>', word_delimiter_token: '|', cleanup: random.oneIn(2) })
]
