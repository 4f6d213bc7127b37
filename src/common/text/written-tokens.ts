import type { Run } from '../contract/schemas.ts'
import type { Token } from '../model/token.ts'

/** A token as it is drawn. */
export interface WrittenToken extends Token {
  /** What the model read in place of what is written; null where that is the same. */
  readonly readAs: Token | null
}

/** The tokens of a run as they stand in its text: what the vocabulary does not have as it is written, with a `?`. */
export function writtenTokens({
  tokens,
  source: { input }
}: Pick<Run, 'tokens' | 'source'>): WrittenToken[] {
  return tokens.map(token => {
    if (!token.unknown || !('text' in input)) return { ...token, readAs: null }
    const written = `${input.text.slice(token.start, token.end)}?`
    return { ...token, text: written, piece: written, special: false, readAs: token }
  })
}
