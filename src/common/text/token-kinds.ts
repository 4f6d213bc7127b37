import type { ShownToken } from '../model/token.ts'

/** What tokens are of, in the order of their numbers. */
export const tokenKinds = ['letters', 'digits', 'spaces', 'signs', 'special', 'bytes'] as const
export type TokenKind = (typeof tokenKinds)[number]

/**
 * What a token is of, by the first character after its spaces, as its place among {@link tokenKinds}: letters with their
 * marks, digits, spaces alone, punctuation and symbols, a special token, or what is no whole character.
 */
export function tokenKind({ text, special }: ShownToken): number {
  return tokenKinds.indexOf(special ? 'special' : kindOfText(text))
}

function kindOfText(text: string): TokenKind {
  if (text === '' || text.includes('\ufffd')) return 'bytes'
  const word = text.trimStart()
  if (word === '') return 'spaces'
  if (/^[\p{L}\p{M}]/u.test(word)) return 'letters'
  if (/^\p{N}/u.test(word)) return 'digits'
  return /^[\p{P}\p{S}]/u.test(word) ? 'signs' : 'bytes'
}
