import type { TokenName } from '#common/analysis/embeddings/words.ts'

/** Words that are set side by side at most. */
export const mostListed = 40

/** What is typed as a word: letters as they are, spaces too, or `#` and a token's id; null of nothing. */
export function typedWord(text: string): TokenName | null {
  if (text === '') return null
  const [, digits] = /^#(\d{1,9})$/.exec(text.trim()) ?? []
  return digits === undefined ? text : Number(digits)
}

/**
 * Words between commas or in lines of their own, each once. Spaces around one do not count, but within quotes: `" king"`.
 * @param spaced whether a space is put before those that are neither in quotes nor ids
 */
export function typedWords(text: string, spaced: boolean): TokenName[] {
  const words = Array.from(text.matchAll(/"([^"\n]*)"|[^,\n"]+/g), ([own, quoted]) => {
    if (quoted !== undefined) return quoted === '' ? null : quoted
    const word = typedWord(own.trim())
    return typeof word === 'string' && spaced ? ` ${word}` : word
  })
  return [...new Set(words.filter(word => word !== null))]
}
