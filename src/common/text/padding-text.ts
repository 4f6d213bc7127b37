import type { ModelInfo } from '../contract/schemas.ts'
import { isPaddingToken, type Token } from '../model/token.ts'
import { counted } from './number-text.ts'

/**
 * Says that padding in a text is read like any other token: who fills texts up hides it by a mask, which a text alone does not
 * bring. `2 tokens are padding, [PAD], and are seen like any other: no mask hides them`; null where there is none, or the model hides it.
 */
export function seenPaddingText(
  { unseenToken }: Pick<ModelInfo, 'unseenToken'>,
  tokens: readonly Token[]
): string | null {
  const seen = tokens.filter(token => isPaddingToken(token) && token.id !== unseenToken)
  const [first] = seen
  if (first === undefined) return null
  const isOne = seen.length === 1
  return `${counted(seen.length, 'token')} ${isOne ? 'is' : 'are'} padding, ${first.piece}, and ${isOne ? 'is' : 'are'} seen like any other: no mask hides ${isOne ? 'it' : 'them'}`
}
