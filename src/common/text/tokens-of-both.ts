import { tokenText } from './token-text.ts'
import type { WrittenToken } from './written-tokens.ts'

/**
 * The tokens of two texts of as many as the names of their places: those that are not called alike with both, such as `a/b`.
 * @returns the first's own where all are
 */
export function tokensOfBoth(
  a: readonly WrittenToken[],
  b: readonly WrittenToken[]
): readonly WrittenToken[] {
  if (a.every((token, at) => tokenText(token) === tokenText(b[at]!))) return a
  return a.map((token, at) => {
    const [own, other] = [tokenText(token), tokenText(b[at]!)]
    const both = `${own}/${other}`
    return own === other ? token : { ...token, piece: both, text: both, special: false }
  })
}
