import { LamellaError } from '#common/model/errors.ts'
import { withUsual } from './bpe-files.ts'
import type { Companions } from './companions.ts'
import { invalid, type HiddenPiece, type Step, type TokenizerDefinition } from './definition.ts'
import { template } from './post-processors.ts'
import type { SentencePieceModel } from './sentencepiece-model.ts'
import { sentencePieceSteps, type SentencePieceSteps } from './sentencepiece-styles.ts'
import type { Vocabulary } from './sentencepiece-vocabulary.ts'
import type { SentencePieceStyle } from './tokenizer-class.ts'

/**
 * A tokenizer from a SentencePiece model. Control pieces such as `<s>` are not looked for in a text, as
 * SentencePiece does, unless a file beside the model declares them, or a class that adds them.
 * @param style how the class of the tokenizer reads it
 * @param vocabulary which ids its pieces have, where a class keeps them in another file
 * @throws LamellaError when the model splits text in a way that is not known
 */
export function sentencePieceDefinition(
  read: SentencePieceModel,
  companions: Companions,
  style: SentencePieceStyle,
  file: string,
  vocabulary: Vocabulary | null = null
): TokenizerDefinition {
  const steps = sentencePieceSteps(style, read, companions.settings, vocabulary)
  const { model } = steps
  if (model.unknownId < 0) invalid(file, 'no unknown piece')
  if (model.algorithm === 'word')
    throw new LamellaError('unsupported', `${file}: models of whole words are not read`)
  if (model.spaceAsSuffix)
    throw new LamellaError('unsupported', `${file}: models with spaces after words are not read`)
  const names = [...model.pieces.map(({ piece }) => piece), ...steps.added]
  const ids = new Map(names.map((piece, id) => [piece, id]))
  const idOf = (piece: string) => ids.get(piece)
  const declared = withUsual(
    companions.addedTokens(idOf),
    [...steps.specials, ...steps.added],
    idOf,
    steps.mask
  )
  return {
    model: modelStep(model),
    ...(model.algorithm === 'unigram'
      ? {}
      : { pieceRanks: pieceRanks(model), frozen: userDefined(model) }),
    added_tokens: declared,
    hidden: hiddenPieces(model),
    normalizer: normalizer(model, steps.before),
    pre_tokenizer: null,
    post_processor: around(model, companions, steps.around, idOf),
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
  if (algorithm === 'unigram') {
    const scoreOfUserDefined = userDefinedScores(pieces)
    return {
      type: 'Unigram',
      unk_id: unknownId,
      byte_fallback,
      sentencepiece: true,
      // Text that spells a control piece must not become one.
      vocab: pieces.map(({ piece, score, kind }, id) => [
        kind === 'normal' || kind === 'user-defined' || kind === 'byte' ? piece : `\0${id}`,
        kind === 'user-defined' ? scoreOfUserDefined(piece) : score
      ])
    }
  }
  return {
    type: 'BPE',
    vocab: Object.fromEntries(pieces.map(({ piece }, id) => [piece, id])),
    unk_token: pieces[unknownId]!.piece,
    byte_fallback
  }
}

/**
 * Scores by which pieces stand out of all ways to split what they spell.
 * @source unigram_model.cc of SentencePiece
 */
function userDefinedScores(pieces: SentencePieceModel['pieces']): (piece: string) => number {
  const highest = pieces.reduce(
    (highest, { score, kind }) => (kind === 'normal' ? Math.max(highest, score) : highest),
    0
  )
  return piece => Buffer.byteLength(piece) * highest - 0.1
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

/** Pieces that are found in a text wherever they stand, and are neither rewritten nor joined to what is beside them. */
function userDefined({ pieces }: SentencePieceModel): string[] {
  return pieces.flatMap(({ piece, kind }) =>
    kind === 'user-defined' && piece !== '' ? [piece] : []
  )
}

const replace = (pattern: Record<string, string>, content: string) => ({
  type: 'Replace',
  pattern,
  content
})

function normalizer(model: SentencePieceModel, before: readonly Step[]): Step {
  return {
    type: 'Sequence',
    normalizers: [
      ...before,
      ...(model.charsmap.length > 0
        ? [
            {
              type: 'Precompiled',
              precompiled_charsmap: Buffer.from(model.charsmap).toString('base64'),
              longest: true,
              kept: userDefined(model)
            }
          ]
        : []),
      ...(model.removesExtraSpaces
        ? [replace({ Regex: '\\A +' }, ''), replace({ Regex: ' {2,}' }, ' ')]
        : []),
      ...(model.addsPrefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
      replace({ String: ' ' }, '▁'),
      // Also those that stand in a text as they are.
      ...(model.removesExtraSpaces ? [replace({ Regex: '▁+\\z' }, '')] : [])
    ]
  }
}

/** What goes around a text: as the class has it, else as declared, else as models of each algorithm do. */
function around(
  model: SentencePieceModel,
  companions: Companions,
  ofClass: SentencePieceSteps['around'],
  idOf: (piece: string) => number | undefined
): Step | null {
  if (ofClass !== null)
    return template(companions.placed(ofClass[0], idOf), companions.placed(ofClass[1], idOf))
  const { settings } = companions
  const side = (isThere: unknown, role: string, id: number) =>
    isThere === true ? companions.placed([[role, model.pieces[id]?.piece]], idOf) : []
  return template(
    side(settings['add_bos_token'] ?? model.algorithm === 'bpe', 'bos_token', model.startId),
    side(settings['add_eos_token'], 'eos_token', model.endId)
  )
}
