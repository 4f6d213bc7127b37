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
  const ids = new Map(model.pieces.map(({ piece }, id) => [piece, id]))
  const declared = companions.addedTokens(piece => ids.get(piece))
  return {
    model: modelStep(model),
    ...(model.algorithm === 'unigram' ? {} : { pieceRanks: pieceRanks(model) }),
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

function modelStep({
  algorithm,
  pieces,
  byteFallback: byte_fallback,
  unknownId
}: SentencePieceModel): Step {
  if (algorithm === 'unigram')
    return {
      type: 'Unigram',
      unk_id: unknownId,
      byte_fallback,
      sentencepiece: true,
      // Text that spells a control piece must not become one.
      vocab: pieces.map(({ piece, score, kind }, id) => [
        kind === 'normal' || kind === 'user-defined' || kind === 'byte' ? piece : `\0${id}`,
        score
      ])
    }
  return {
    type: 'BPE',
    vocab: Object.fromEntries(pieces.map(({ piece }, id) => [piece, id])),
    unk_token: pieces[unknownId]!.piece,
    byte_fallback
  }
}

/** What neighbours are joined to, by score; single characters are pieces, too. */
function pieceRanks({ pieces }: SentencePieceModel): ReadonlyMap<string, number> {
  const joined = pieces.filter(({ kind }) => kind === 'normal' || kind === 'user-defined')
  const scores = [...new Set(joined.map(({ score }) => score))].sort((a, b) => b - a)
  const rankOf = new Map(scores.map((score, rank) => [score, rank]))
  return new Map(joined.map(({ piece, score }) => [piece, rankOf.get(score)!]))
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
              precompiled_charsmap: Buffer.from(model.charsmap).toString('base64'),
              longest: true
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
  const idOf = (piece: string) => {
    const id = model.pieces.findIndex(other => other.piece === piece)
    return id < 0 ? undefined : id
  }
  const side = (role: string, id: number) =>
    companions.placed([[role, model.pieces[id]?.piece]], idOf)
  if (modelType === 'albert')
    return template(
      companions.placed([['cls_token', '[CLS]']], idOf),
      companions.placed([['sep_token', '[SEP]']], idOf)
    )
  const start = settings['add_bos_token'] ?? model.algorithm === 'bpe'
  const end = settings['add_eos_token'] ?? modelType === 't5'
  return template(
    start === true ? side('bos_token', model.startId) : [],
    end === true ? side('eos_token', model.endId) : []
  )
}
