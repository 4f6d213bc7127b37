import { tokenParts, type TokenPart } from './token-text.ts'
import type { ShownToken } from './token-bytes.ts'

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
