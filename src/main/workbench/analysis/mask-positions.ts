import { LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import type { Model } from '../model/model.ts'

/**
 * The positions of a text that hold the mask.
 * @param given the mask's id; null for the one that the model's tokenizer has
 * @throws LamellaError `invalid-argument` where there is none
 */
export async function maskPositions(
  { info: { name }, tokenizer }: Pick<Model, 'info' | 'tokenizer'>,
  tokens: readonly Pick<Token, 'id'>[],
  given: number | null
): Promise<number[]> {
  const own = given === null ? ((await tokenizer?.mask()) ?? null) : null
  const mask = given ?? own?.id
  if (mask === undefined)
    throw new LamellaError(
      'invalid-argument',
      `${name} predicts masked tokens, and no tokenizer says which token is the mask`,
      'Say the id of the mask, or the positions to predict.'
    )
  const positions = tokens.flatMap(({ id }, position) => (id === mask ? [position] : []))
  if (positions.length > 0) return positions
  throw new LamellaError(
    'invalid-argument',
    `${name} predicts masked tokens, and the text has no ${own?.piece ?? `token ${mask}`}`,
    'Put the mask in place of a token, or say the positions to predict.'
  )
}
