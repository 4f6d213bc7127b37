import { tokenParts, type TokenPart } from './token-text.ts'
import type { Token } from '../model/token.ts'
import type { ShownToken } from '../model/token.ts'

/** A token as it stands in flowing text: spaces as themselves, and a line that ends where a newline's sign stands. */
export function flowingParts(token: ShownToken): TokenPart[] {
  return tokenParts(token).flatMap(({ text, kind }): TokenPart[] => {
    if (kind === 'letters') return [{ text, kind }]
    // Signs of spaces stand beside those of newlines.
    return [...text.matchAll(/·+|[^·]+/g)].map(([run]) =>
      run.startsWith('·')
        ? { text: ' '.repeat(run.length), kind: 'letters' }
        : { text: run.replaceAll('↵', '↵\n'), kind: 'sign' }
    )
  })
}

/**
 * What stands between a token and the one before it: white space of the text that is of no token, as of vocabularies of
 * words and their pieces.
 * @param text that the tokens' offsets are of; null where only ids were given, which stand apart
 */
export function gapBefore(
  token: Pick<Token, 'start' | 'text'>,
  before: Pick<Token, 'end' | 'text'>,
  text: string | null
): string {
  if (text === null) return ' '
  const gap = text.slice(before.end, token.start)
  const hasOwn = /^\s/.test(token.text) || /\s$/.test(before.text)
  return /^\s+$/.test(gap) && !hasOwn ? gap : ''
}
