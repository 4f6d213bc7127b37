import { LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import { tokensOfIds } from '../model/tokenize.ts'
import { sizesOf, type Runnable } from '../run/runnable.ts'

/** @throws LamellaError `invalid-argument` when two models cannot be compared token by token */
export function checkSameVocabulary(one: Runnable, other: Runnable): void {
  const [own, theirs] = [sizesOf(one).dVocab, sizesOf(other).dVocab]
  if (own === theirs) return
  throw new LamellaError(
    'invalid-argument',
    `${one.info.name} has ${own} tokens, ${other.info.name} ${theirs}: they are not compared token by token`
  )
}

/** @throws LamellaError `invalid-argument` naming the first token that is another one to the other model */
export async function checkSameTokens(
  one: Runnable,
  other: Runnable,
  tokens: readonly Token[]
): Promise<void> {
  if (one.tokenizer === null || other.tokenizer === null || one === other) return
  const theirs = await tokensOfIds(
    other,
    tokens.map(({ id }) => id)
  )
  const own = await tokensOfIds(
    one,
    tokens.map(({ id }) => id)
  )
  const at = own.findIndex(({ piece }, i) => piece !== theirs[i]!.piece)
  if (at < 0) return
  throw new LamellaError(
    'invalid-argument',
    `Token ${own[at]!.id} is "${own[at]!.piece}" to ${one.info.name} and "${theirs[at]!.piece}" to ${other.info.name}: they are not compared token by token`
  )
}
