import type { Step } from './definition.ts'
import type { PairStyle } from './tokenizer-class.ts'

/** A token's role and how it is spelled where no file says. */
export type Role = readonly [role: string, usually: string]

/** What a class makes of a vocabulary and its merges. */
export interface PairSteps {
  readonly normalizer: Step | null
  readonly pre_tokenizer: Step
  readonly decoder: Step
  /** What its model has beside the vocabulary and the merges. */
  readonly model: Readonly<Record<string, unknown>>
  /** Tokens that are looked for in a text, declared or not. */
  readonly specials: readonly string[]
  /** Around a text, whatever the settings say. */
  readonly before: readonly Role[]
  readonly after: readonly Role[]
}

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const qwen2 = `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
const clip =
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"

const bytes: Step = { type: 'ByteLevel', add_prefix_space: false }
const split = (Regex: string, behavior: string, invert = false): Step => ({
  type: 'Split',
  pattern: { Regex },
  behavior,
  invert
})
const replace = (pattern: Readonly<Record<string, string>>, content: string): Step => ({
  type: 'Replace',
  pattern,
  content
})
const bert = (lowercase: boolean, strip_accents: boolean | null): Step => ({
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents,
  lowercase
})

const plain = { normalizer: null, model: {}, specials: [], before: [], after: [] }
const start: Role = ['cls_token', '<s>']
const end: Role = ['sep_token', '</s>']
const roles = ['<s>', '</s>', '<pad>', '<unk>', '<mask>']

/** The steps of a class, with the settings beside its files. */
export function pairSteps(
  style: PairStyle,
  settings: Readonly<Record<string, unknown>>
): PairSteps {
  const spaced: Step = {
    type: 'ByteLevel',
    add_prefix_space: settings['add_prefix_space'] === true
  }
  const byBytes = { ...plain, pre_tokenizer: spaced, decoder: bytes }
  switch (style) {
    case 'gpt2':
      return { ...byBytes, specials: ['<|endoftext|>'] }
    case 'roberta':
      return { ...byBytes, specials: roles, before: [start], after: [end] }
    case 'blenderbot':
      return { ...byBytes, specials: roles, after: [['eos_token', '</s>']] }
    case 'deberta':
      return {
        ...byBytes,
        specials: ['[CLS]', '[SEP]', '[PAD]', '[UNK]', '[MASK]'],
        before: [['cls_token', '[CLS]']],
        after: [['sep_token', '[SEP]']]
      }
    case 'whisper':
      return {
        ...byBytes,
        specials: ['<|endoftext|>'],
        before: [
          ['', '<|startoftranscript|>'],
          ['', '<|notimestamps|>']
        ],
        after: [['eos_token', '<|endoftext|>']]
      }
    case 'neox':
      return { ...byBytes, normalizer: { type: 'NFC' }, specials: ['<|endoftext|>'] }
    case 'qwen2':
      return {
        ...byBytes,
        normalizer: { type: 'NFC' },
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [split(qwen2, 'Isolated'), { ...bytes, use_regex: false }]
        },
        specials: ['<|endoftext|>']
      }
    case 'clip':
      return {
        normalizer: {
          type: 'Sequence',
          normalizers: [{ type: 'NFC' }, replace({ Regex: '\\s+' }, ' '), { type: 'Lowercase' }]
        },
        pre_tokenizer: { type: 'Sequence', pretokenizers: [split(clip, 'Removed', true), bytes] },
        decoder: { type: 'Sequence', decoders: [bytes, replace({ String: '</w>' }, ' ')] },
        model: { end_of_word_suffix: '</w>', unk_token: '<|endoftext|>' },
        specials: ['<|startoftext|>', '<|endoftext|>'],
        before: [['bos_token', '<|startoftext|>']],
        after: [['eos_token', '<|endoftext|>']]
      }
    case 'gpt':
    case 'herbert': {
      const isHerbert = style === 'herbert'
      return {
        normalizer: isHerbert ? bert(false, false) : bert(true, null),
        pre_tokenizer: { type: 'BertPreTokenizer' },
        decoder: { type: 'BPEDecoder', suffix: '</w>' },
        model: { end_of_word_suffix: '</w>', unk_token: '<unk>' },
        specials: isHerbert ? roles : ['<unk>'],
        before: isHerbert ? [start] : [],
        after: isHerbert ? [end] : []
      }
    }
    case 'ctrl':
      return { ...plain, ...joinedWords, model: { type: 'FastBPE', unk_token: '<unk>' } }
  }
}

/** Words that are cut at white space, of which all pieces but the last end in `@@`. */
export const joinedWords = {
  pre_tokenizer: split('\\S+\\n?', 'Removed', true),
  decoder: {
    type: 'Sequence',
    decoders: [
      replace({ Regex: '\\z' }, ' '),
      { type: 'Fuse' },
      replace({ String: '@@ ' }, ''),
      { type: 'Strip', content: ' ', start: 0, stop: 1 }
    ]
  }
} satisfies Pick<PairSteps, 'pre_tokenizer' | 'decoder'>
