import type { Token } from '../model/token.ts'

type Placed = Pick<Token, 'id' | 'start' | 'end'>

/**
 * The position of the token that holds the first character of another tokenization's token of the same text; null
 * where there is none, as of special tokens, which stand for no character. One that is the same token at the same
 * position stays there: also a special one, and one of several that share a character.
 */
export function carriedPosition(
  position: number,
  from: readonly Placed[],
  to: readonly Placed[]
): number | null {
  const token = from[position]
  if (token === undefined) return null
  const same = to[position]
  if (same?.id === token.id && same.start === token.start && same.end === token.end) return position
  if (token.start === token.end) return null
  const at = to.findIndex(({ start, end }) => start <= token.start && token.start < end)
  return at === -1 ? null : at
}
