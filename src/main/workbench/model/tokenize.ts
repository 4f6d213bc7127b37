import { LamellaError } from '#common/model/errors.ts'
import { idToken, type Token } from '#common/model/token.ts'
import type { EncodeOptions } from '../../tokenizer/encoder.ts'
import type { Model } from './model.ts'

/** @throws LamellaError `unsupported` when the model has no tokenizer that can be used */
export async function tokenize(
  { tokenizer, info }: Pick<Model, 'tokenizer' | 'info'>,
  text: string,
  signal: AbortSignal,
  { specials }: Pick<EncodeOptions, 'specials'> = {}
): Promise<Token[]> {
  if (tokenizer !== null) return tokenizer.encode(text, { signal, specials })
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
