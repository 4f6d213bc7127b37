import { listedPieces, type TokenizerDefinition } from './definition.ts'

/** The pieces of a model by their ids, and its ids by what a text may be split into. */
export interface Vocabulary {
  /** What words are split into: neither added tokens nor hidden pieces, unless the model itself lists them. */
  readonly ids: ReadonlyMap<string, number>
  /** [id] undefined for an id that no piece has */
  readonly pieces: readonly (string | undefined)[]
}

export function vocabularyOf({ model, added_tokens, hidden }: TokenizerDefinition): Vocabulary {
  const ids = new Map<string, number>()
  const pieces: (string | undefined)[] = []
  for (const [piece, id] of listedPieces(model['vocab'])) {
    ids.set(piece, id)
    pieces[id] = piece
  }
  for (const { id, piece } of hidden ?? []) pieces[id] = piece
  for (const { id, content } of added_tokens) pieces[id] = content
  return { ids, pieces }
}
