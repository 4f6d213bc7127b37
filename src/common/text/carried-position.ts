import type { Token } from '../model/token.ts'

type Placed = Pick<Token, 'start' | 'end'>

/**
 * The position of the token that holds the first character of another tokenization's token of the same text; null
 * where there is none, as of special tokens, which stand for no character.
 */
export function carriedPosition(
  position: number,
  from: readonly Placed[],
  to: readonly Placed[]
): number | null {
  const token = from[position]
  if (token === undefined || token.start === token.end) return null
  const at = to.findIndex(({ start, end }) => start <= token.start && token.start < end)
  return at === -1 ? null : at
}
