import { LamellaError } from '#common/model/errors.ts'
import type { Companions } from './companions.ts'
import {
  addedToken,
  invalid,
  type AddedToken,
  type HiddenPiece,
  type Step,
  type TokenizerDefinition
} from './definition.ts'
import { template } from './post-processors.ts'
import type { SentencePieceModel } from './sentencepiece-model.ts'

/** Families whose ids are not the places of their pieces in the file. */
const renumbered = ['camembert', 'xlm-roberta', 'mbart', 'm2m_100', 'xglm']

/**
 * A tokenizer from a SentencePiece model. Control pieces such as `<s>` are not looked for in a text, as
 * SentencePiece does, unless a file beside the model declares them.
 * @param modelType `model_type` of config.json
 * @throws LamellaError when the model splits text in a way that is not known
 */
export function sentencePieceDefinition(
  model: SentencePieceModel,
  companions: Companions,
  modelType: unknown,
  file: string
): TokenizerDefinition {
  if (typeof modelType === 'string' && renumbered.includes(modelType))
    throw new LamellaError(
      'unsupported',
      `${file}: ${modelType} numbers its pieces otherwise than the file does`,
      'Put the tokenizer.json of the model beside it'
    )
  if (model.algorithm === 'word')
    throw new LamellaError('unsupported', `${file}: models of whole words are not read`)
  if (model.spaceAsSuffix)
    throw new LamellaError('unsupported', `${file}: models with spaces after words are not read`)
  if (model.unknownId < 0) invalid(file, 'no unknown piece')
  const { merges, ranks } = model.algorithm === 'bpe' ? mergesOf(model.pieces) : noMerges
  const ids = new Map(model.pieces.map(({ piece }, id) => [piece, id]))
  const declared = companions.addedTokens(piece => ids.get(piece))
  return {
    model: modelStep(model, merges),
    mergeRanks: ranks,
    added_tokens: [...userDefined(model, declared), ...declared],
    hidden: hiddenPieces(model),
    normalizer: normalizer(model, modelType, companions),
    pre_tokenizer: null,
    post_processor: around(model, companions, modelType),
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(model.addsPrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [])
      ]
    }
  }
}

const noMerges = { merges: [], ranks: [] }

function modelStep(model: SentencePieceModel, merges: readonly [string, string][]): Step {
  const { pieces, byteFallback: byte_fallback, unknownId } = model
  if (model.algorithm === 'unigram')
    return {
      type: 'Unigram',
      unk_id: unknownId,
      byte_fallback,
      // Text that spells a control piece or a byte must not become one.
      vocab: pieces.map(({ piece, score, kind }, id) => [
        kind === 'normal' || kind === 'user-defined' ? piece : `\0${id}`,
        score
      ])
    }
  return {
    type: 'BPE',
    vocab: Object.fromEntries(pieces.map(({ piece }, id) => [piece, id])),
    unk_token: pieces[unknownId]!.piece,
    fuse_unk: true,
    byte_fallback,
    merges
  }
}

/**
 * SentencePiece joins whichever neighbours give the piece of the highest score, the leftmost first. So
 * every way to make a piece of two ranks as its score does.
 */
function mergesOf(pieces: SentencePieceModel['pieces']) {
  const joined = pieces.filter(({ kind }) => kind === 'normal' || kind === 'user-defined')
  const known = new Set(joined.map(({ piece }) => piece))
  const scores = [...new Set(joined.map(({ score }) => score))].sort((a, b) => b - a)
  const rankOf = new Map(scores.map((score, rank) => [score, rank]))
  // A piece may be long; only where both halves have the length of another is it looked at.
  const lengths = new Set([1, 2, ...[...known].map(piece => piece.length)])
  const merges: [string, string][] = []
  const ranks: number[] = []
  for (const { piece, score } of joined) {
    for (let at = 1; at < piece.length; at++) {
      if (!lengths.has(at) || !lengths.has(piece.length - at)) continue
      const [left, right] = [piece.slice(0, at), piece.slice(at)]
      if (!isJoinable(left, known) || !isJoinable(right, known)) continue
      merges.push([left, right])
      ranks.push(rankOf.get(score)!)
    }
  }
  return { merges, ranks }
}

/** Whether text is a piece or a single character. */
function isJoinable(text: string, known: ReadonlySet<string>): boolean {
  const isCharacter =
    text.length === 1 ? text.isWellFormed() : text.length === 2 && [...text].length === 1
  return isCharacter || known.has(text)
}

function hiddenPieces(model: SentencePieceModel): HiddenPiece[] {
  return model.pieces.flatMap(({ piece, kind }, id) =>
    kind === 'normal' || kind === 'user-defined'
      ? []
      : [{ id, piece, special: kind === 'control' || kind === 'unknown' }]
  )
}

function userDefined(model: SentencePieceModel, declared: readonly AddedToken[]): AddedToken[] {
  const names = new Set(declared.map(token => token.content))
  return model.pieces.flatMap(({ piece, kind }, id) =>
    kind === 'user-defined' && piece !== '' && !names.has(piece)
      ? [addedToken(id, piece, { normalized: false })]
      : []
  )
}

const replace = (pattern: Record<string, string>, content: string) => ({
  type: 'Replace',
  pattern,
  content
})

function normalizer(model: SentencePieceModel, modelType: unknown, companions: Companions): Step {
  const { settings } = companions
  const before =
    modelType !== 'albert'
      ? []
      : [
          replace({ Regex: "``|''" }, '"'),
          ...(settings['keep_accents'] === true
            ? []
            : [{ type: 'NFKD' }, { type: 'StripAccents' }]),
          ...(settings['do_lower_case'] === false ? [] : [{ type: 'Lowercase' }])
        ]
  return {
    type: 'Sequence',
    normalizers: [
      ...before,
      ...(model.charsmap.length > 0
        ? [
            {
              type: 'Precompiled',
              precompiled_charsmap: Buffer.from(model.charsmap).toString('base64')
            }
          ]
        : []),
      ...(model.removesExtraSpaces
        ? [replace({ Regex: '\\A +| +\\z' }, ''), replace({ Regex: ' {2,}' }, ' ')]
        : []),
      ...(model.addsPrefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
      replace({ String: ' ' }, '▁')
    ]
  }
}

/** What goes around a text: as declared, else as the families that use each algorithm do. */
function around(
  model: SentencePieceModel,
  companions: Companions,
  modelType: unknown
): Step | null {
  const { settings } = companions
  const named = (role: string, id: number) => companions.roleToken(role) ?? model.pieces[id]?.piece
  if (modelType === 'albert') return template('[CLS]', '[SEP]')
  const start = settings['add_bos_token'] ?? model.algorithm === 'bpe'
  const end = settings['add_eos_token'] ?? modelType === 't5'
  return template(
    start === true ? named('bos_token', model.startId) : undefined,
    end === true ? named('eos_token', model.endId) : undefined
  )
}
