import { LamellaError } from '#common/model/errors.ts'
import { shown, type Step } from './definition.ts'
import {
  languageOf,
  m2m100Languages,
  mbart50Languages,
  mbartLanguages,
  wmt21Languages
} from './languages.ts'
import type { Role } from './pair-styles.ts'
import type { SentencePieceModel } from './sentencepiece-model.ts'
import { numbered, renumbered, type Vocabulary } from './sentencepiece-vocabulary.ts'
import type { SentencePieceStyle } from './tokenizer-class.ts'

/** What a class makes of a SentencePiece model. */
export interface SentencePieceSteps {
  /** Its pieces by the ids that the class gives them. */
  readonly model: SentencePieceModel
  /** What a text goes through before the model's own rules. */
  readonly before: readonly Step[]
  /** Around a text, whatever the settings say; null where they and the model do. */
  readonly around: readonly [before: readonly Role[], after: readonly Role[]] | null
  /** Tokens that the class adds behind the pieces. */
  readonly added: readonly string[]
  /** Pieces that the class looks for in a text, beside those that it adds. */
  readonly specials: readonly string[]
  /** The one of these that takes the spaces before it. */
  readonly mask: string
}

type Piece = SentencePieceModel['pieces'][number]

const control = (piece: string): Piece => ({ piece, score: 0, kind: 'control' })
const unknown = (piece: string): Piece => ({ piece, score: 0, kind: 'unknown' })
const cls: Role = ['cls_token', '[CLS]']
const sep: Role = ['sep_token', '[SEP]']
const start: Role = ['cls_token', '<s>']
const end: Role = ['sep_token', '</s>']

/**
 * The steps of a class, with the settings beside its files.
 * @throws LamellaError where they name a language that it does not have, or numbers that do not fit
 */
export function sentencePieceSteps(
  style: SentencePieceStyle,
  model: SentencePieceModel,
  settings: Readonly<Record<string, unknown>>,
  vocabulary: Vocabulary | null
): SentencePieceSteps {
  const plain = { model, before: [], around: null, added: [], specials: [], mask: '<mask>' }
  switch (style) {
    case 'plain':
      return plain
    case 't5': {
      const count = typeof settings['extra_ids'] === 'number' ? settings['extra_ids'] : 100
      const has = model.pieces.some(({ piece }) => piece === '<extra_id_0>')
      const added =
        has || count > 1000 ? [] : Array.from({ length: count }, (_, i) => count - 1 - i)
      return {
        ...plain,
        around: [[], settings['add_eos_token'] === false ? [] : [['eos_token', '</s>']]],
        added: added.map(i => `<extra_id_${i}>`)
      }
    }
    case 'albert':
      return { ...plain, before: rewritten(settings, true), around: [[cls], [sep]] }
    case 'xlnet':
      return {
        ...plain,
        before: rewritten(settings, false),
        around: [
          [],
          [
            ['sep_token', '<sep>'],
            ['cls_token', '<cls>']
          ]
        ]
      }
    case 'big-bird':
      return { ...plain, around: [[cls], [sep]] }
    case 'deberta-v2':
      return {
        ...plain,
        before: settings['do_lower_case'] === true ? [{ type: 'Lowercase' }] : [],
        around: [[cls], [sep]],
        added: model.pieces.some(({ piece }) => piece === '[MASK]') ? [] : ['[MASK]']
      }
    case 'xlm-roberta':
      return {
        ...plain,
        model: fairseq(model, fairseqPieces, 3),
        around: [[start], [end]],
        added: ['<mask>']
      }
    case 'camembert':
      return {
        ...plain,
        model: fairseq(
          model,
          [
            control('<s>NOTUSED'),
            control('<pad>'),
            control('</s>NOTUSED'),
            unknown('<unk>'),
            control('<unk>NOTUSED')
          ],
          1
        ),
        around: [[start], [end]],
        added: ['<mask>']
      }
    case 'xglm':
      return {
        ...plain,
        model: fairseq(model, fairseqPieces, 3),
        around: [[['eos_token', '</s>']], []],
        added: Array.from({ length: 7 }, (_, i) => `<madeupword${i}>`)
      }
    case 'mbart':
    case 'mbart50': {
      const codes = style === 'mbart' ? mbartLanguages : mbart50Languages
      const language: Role = ['language_token', languageOf(settings, codes, 'en_XX')]
      return {
        ...plain,
        model: fairseq(model, fairseqPieces, 3),
        around: style === 'mbart' ? [[], [endOfText, language]] : [[language], [endOfText]],
        added: [...codes, '<mask>'],
        specials: fairseqPieces.map(({ piece }) => piece)
      }
    }
    case 'm2m100': {
      const stated = settings['language_codes'] === 'wmt21' ? wmt21Languages : m2m100Languages
      const code = languageOf(settings, stated, 'en')
      return {
        ...plain,
        model: numbered(model, vocabulary!),
        around: [[['language_token', `__${code}__`]], [endOfText]],
        added: stated.map(code => `__${code}__`),
        specials: fairseqPieces.map(({ piece }) => piece)
      }
    }
    case 'pegasus': {
      const own = pegasusPieces(settings)
      return {
        ...plain,
        model: { ...renumbered(model, [...own, ...model.pieces.slice(2)]), startId: -1 },
        around: [[], [endOfText]],
        specials: [...own.map(({ piece }) => piece), '<unk>'],
        mask: ''
      }
    }
    case 'rembert':
      return {
        ...plain,
        before: rewritten({ keep_accents: true, ...settings }, false),
        around: [[cls], [sep]],
        specials: ['[CLS]', '[SEP]', '[UNK]', '[PAD]', '[MASK]'],
        mask: '[MASK]'
      }
    case 'fnet':
      return {
        ...plain,
        before: rewritten(settings, false),
        around: [[cls], [sep]],
        specials: ['[CLS]', '[SEP]', '<unk>', '<pad>', '[MASK]'],
        mask: '[MASK]'
      }
  }
}

const fairseqPieces = [control('<s>'), control('<pad>'), control('</s>'), unknown('<unk>')]
const endOfText: Role = ['eos_token', '</s>']

/**
 * What Pegasus has before the pieces of its model, in place of the first two: its masks and tokens that only its training used.
 * @throws LamellaError where the settings name more of them than their offset has room for
 */
function pegasusPieces(settings: Readonly<Record<string, unknown>>): Piece[] {
  const { offset = 103, additional_special_tokens: stated } = settings
  const named = (role: string, usually: string) => {
    const value = settings[role]
    return typeof value === 'string' ? value : usually
  }
  const first = [named('pad_token', '<pad>'), named('eos_token', '</s>')]
  if (offset === 0) return first.map(control)
  const sentence = named('mask_token_sent', '<mask_1>')
  const others = Array.isArray(stated)
    ? (stated as unknown[])
        .filter(token => typeof token === 'string')
        .filter(token => token !== sentence)
    : []
  const room = typeof offset === 'number' && offset <= 1000 ? offset - 2 - others.length : -1
  if (!Number.isInteger(room) || room < 0)
    throw new LamellaError(
      'unsupported',
      `tokenizer_config.json: an offset of ${shown(offset)} does not fit ${others.length} additional special tokens`,
      'Token ids can be typed by hand, or a tokenizer.json put beside it.'
    )
  const from = Array.isArray(stated) ? others.length + 1 : 2
  const unused = Array.from({ length: room }, (_, i) => `<unk_${from + i}>`)
  return [...first, sentence, named('mask_token', '<mask_2>'), ...others, ...unused].map(control)
}

/** The pieces as fairseq numbers them: its own first, then those of the model from a place on. */
function fairseq(
  model: SentencePieceModel,
  own: readonly Piece[],
  from: number
): SentencePieceModel {
  return renumbered(model, [...own, ...model.pieces.slice(from)])
}

/** Quotes alike, without accents, in lower case, where the settings do not say otherwise. */
function rewritten(settings: Readonly<Record<string, unknown>>, lowers: boolean): Step[] {
  const quotes: Step = { type: 'Replace', pattern: { Regex: "``|''" }, content: '"' }
  const accents: Step[] =
    settings['keep_accents'] === true ? [] : [{ type: 'NFKD' }, { type: 'StripAccents' }]
  const isLower =
    typeof settings['do_lower_case'] === 'boolean' ? settings['do_lower_case'] : lowers
  return [quotes, ...accents, ...(isLower ? [{ type: 'Lowercase' }] : [])]
}
