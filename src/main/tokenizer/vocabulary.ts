import type { TokenizerDefinition } from './definition.ts'

/** The pieces of a model by their ids, and its ids by what a text may be split into. */
export interface Vocabulary {
  /** What words are split into: neither added tokens nor hidden pieces, unless the model itself lists them. */
  readonly ids: ReadonlyMap<string, number>
  /** [id] undefined for an id that no piece has */
  readonly pieces: readonly (string | undefined)[]
}

export function vocabularyOf({ model, added_tokens, hidden }: TokenizerDefinition): Vocabulary {
  const { vocab } = model
  const listed = Array.isArray(vocab)
    ? (vocab as [string, number][]).map(([piece], id) => [piece, id] as const)
    : Object.entries(vocab as Record<string, number>)
  const ids = new Map(listed)
  const pieces: (string | undefined)[] = []
  for (const [piece, id] of listed) pieces[id] = piece
  for (const { id, piece } of hidden ?? []) pieces[id] = piece
  for (const { id, content } of added_tokens) pieces[id] = content
  return { ids, pieces }
}
