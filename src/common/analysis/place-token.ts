import { checkDifferent } from '../model/check-different.ts'
import { LamellaError } from '../model/errors.ts'
import { logitText, targetOfText } from '../model/target-text.ts'

/** A token at a position, or two that are set against each other. */
export interface PlaceToken {
  readonly position: number
  readonly token: number
  readonly other: number | null
}

/** How places and tokens are written, with commas: `4:17`, and `4:17-3` where tokens are set against each other. */
export const placeTokens = new RegExp(`^${logitText}(?:,${logitText})*$`)

/** @param text that `placeTokens` matches */
export function placeTokensOf(text: string): PlaceToken[] {
  return text.split(',').map(part => {
    const target = targetOfText(part)
    if (target.kind !== 'logit' && target.kind !== 'difference')
      throw new LamellaError(
        'invalid-argument',
        `${part}: expected a position and a token id, such as 4:17`
      )
    const { position, token } = target
    const other = target.kind === 'difference' ? target.other : null
    if (other !== null) checkDifferent(token, other)
    return { position, token, other }
  })
}
