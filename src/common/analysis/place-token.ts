import { checkDifferent } from '../model/check-different.ts'
import { LamellaError } from '../model/errors.ts'

/** A token at a position, or two that are set against each other. */
export interface PlaceToken {
  readonly position: number
  readonly token: number
  readonly other: number | null
}

/** How places and tokens are written: `4:17`, and `4:17-3` where tokens are set against each other. */
export const placeTokens = /^\d{1,9}:\d{1,9}(-\d{1,9})?(,\d{1,9}:\d{1,9}(-\d{1,9})?)*$/

/** @param text that `placeTokens` matches */
export function placeTokensOf(text: string): PlaceToken[] {
  return text.split(',').map(part => {
    const [, position, token, other] = /^(\d+):(\d+)(?:-(\d+))?$/.exec(part) ?? []
    if (position === undefined)
      throw new LamellaError(
        'invalid-argument',
        `${part}: expected a position and a token id, such as 4:17`
      )
    if (other !== undefined) checkDifferent(Number(token), Number(other))
    return {
      position: Number(position),
      token: Number(token),
      other: other === undefined ? null : Number(other)
    }
  })
}
