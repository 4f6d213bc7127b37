import type { Step } from './definition.ts'
import type { Role } from './pair-styles.ts'
import type { SentencePieceModel } from './sentencepiece-model.ts'
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
}

type Piece = SentencePieceModel['pieces'][number]

const control = (piece: string): Piece => ({ piece, score: 0, kind: 'control' })
const unknown = (piece: string): Piece => ({ piece, score: 0, kind: 'unknown' })
const cls: Role = ['cls_token', '[CLS]']
const sep: Role = ['sep_token', '[SEP]']
const start: Role = ['cls_token', '<s>']
const end: Role = ['sep_token', '</s>']

/** The steps of a class, with the settings beside its files. */
export function sentencePieceSteps(
  style: SentencePieceStyle,
  model: SentencePieceModel,
  settings: Readonly<Record<string, unknown>>
): SentencePieceSteps {
  const plain = { model, before: [], around: null, added: [] }
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
        model: fairseq(
          model,
          [control('<s>'), control('<pad>'), control('</s>'), unknown('<unk>')],
          3
        ),
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
        model: fairseq(
          model,
          [control('<s>'), control('<pad>'), control('</s>'), unknown('<unk>')],
          3
        ),
        around: [[['eos_token', '</s>']], []],
        added: Array.from({ length: 7 }, (_, i) => `<madeupword${i}>`)
      }
  }
}

/** The pieces as fairseq numbers them: its own first, then those of the model from a place on. */
function fairseq(
  model: SentencePieceModel,
  own: readonly Piece[],
  from: number
): SentencePieceModel {
  const pieces = [...own, ...model.pieces.slice(from)]
  const at = (name: string) => pieces.findIndex(({ piece }) => piece === name)
  return { ...model, pieces, unknownId: at('<unk>'), startId: at('<s>'), endId: at('</s>') }
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
