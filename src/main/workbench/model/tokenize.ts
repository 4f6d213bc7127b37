import { LamellaError } from '#common/model/errors.ts'
import { idToken, type Token } from '#common/model/token.ts'
import type { EncodeOptions } from '../../tokenizer/encoder.ts'
import type { ReaderTokenizer } from '../../reader/client.ts'
import type { Model } from './model.ts'

/** @throws LamellaError `unsupported` when the model has no tokenizer that can be used */
export async function tokenize(
  { tokenizer, info }: Pick<Model, 'tokenizer' | 'info'>,
  text: string,
  signal: AbortSignal,
  { specials }: Pick<EncodeOptions, 'specials'> = {}
): Promise<Token[]> {
  return usable({ tokenizer, info }).encode(text, { signal, specials })
}

/** The error for a token that a model has no vector for. */
export function outsideVocabulary({ id, piece }: Token, dVocab: number): LamellaError {
  const isNamed = piece !== idToken(id).piece
  const what = isNamed ? `Token ${id} (${JSON.stringify(piece)})` : `Token ${id}`
  return new LamellaError(
    'invalid-argument',
    `${what} is outside the vocabulary of ${dVocab}`,
    isNamed
      ? `The tokenizer has more tokens than the embedding has rows: it is of another model, or tokens were added to it alone. Use a text without this token.`
      : `The embedding has rows for ids 0 to ${dVocab - 1}.`
  )
}

/** The tokenizer of a model. @throws LamellaError `unsupported` when it has none that can be used */
export function usable({ tokenizer, info }: Pick<Model, 'tokenizer' | 'info'>): ReaderTokenizer {
  if (tokenizer !== null) return tokenizer
  const reason = info.notTokenizable ?? 'no tokenizer'
  throw new LamellaError('unsupported', reason, 'Run the model on token ids instead.')
}

/** Token ids as tokens; by number alone where the model has no tokenizer. */
export async function tokensOfIds(
  { tokenizer }: Pick<Model, 'tokenizer'>,
  ids: readonly number[]
): Promise<Token[]> {
  return tokenizer === null ? ids.map(idToken) : tokenizer.describe(ids)
}
