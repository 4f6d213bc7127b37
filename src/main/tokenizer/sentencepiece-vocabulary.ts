import { LamellaError } from '#common/model/errors.ts'
import { checkIdTable, invalid, record, shown } from './definition.ts'
import type { SentencePieceModel } from './sentencepiece-model.ts'

/** The ids of pieces, and the file that says them. */
export interface Vocabulary {
  readonly ids: unknown
  readonly file: string
}

/** A model with its pieces in another order, of which some have other names. */
export function renumbered(
  model: SentencePieceModel,
  pieces: SentencePieceModel['pieces']
): SentencePieceModel {
  const at = (name: string) => pieces.findIndex(({ piece }) => piece === name)
  return { ...model, pieces, unknownId: at('<unk>'), startId: at('<s>'), endId: at('</s>') }
}

/**
 * A model whose pieces have the ids that a vocabulary says. What the vocabulary has beside them is in no text.
 * @throws LamellaError where it lacks a piece, or an id
 */
export function numbered(model: SentencePieceModel, { ids, file }: Vocabulary): SentencePieceModel {
  const vocabulary = record(ids) ?? invalid(file, 'expected an object')
  const names = checkIdTable(vocabulary, file)
  const own = new Map(model.pieces.map(piece => [piece.piece, piece]))
  const pieces: SentencePieceModel['pieces'][number][] = []
  for (const piece of names) {
    const known = own.get(piece)
    const kind = piece === '<unk>' ? 'unknown' : (known?.kind ?? 'control')
    pieces[vocabulary[piece] as number] = { piece, score: known?.score ?? 0, kind }
  }
  for (let id = 0; id < names.length; id++)
    if (pieces[id] === undefined) invalid(file, `no piece has the id ${id}`)
  const missing = model.pieces.find(
    ({ piece, kind }) => kind === 'normal' && !(piece in vocabulary)
  )
  if (missing !== undefined)
    throw new LamellaError(
      'unsupported',
      `${file}: lacks the piece ${shown(missing.piece)} of the SentencePiece model`,
      'Token ids can be typed by hand, or a tokenizer.json put beside it.'
    )
  return renumbered(model, pieces)
}
