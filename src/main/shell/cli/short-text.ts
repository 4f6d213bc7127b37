import { visibleText } from '#common/text/visible-text.ts'

/** Letters of a text that are read in passing. */
export const mostLetters = 200

/** A text as it is shown on the terminal: of a long one its beginning, and how long it is. */
export function shortText(text: string): string {
  if (text.length <= mostLetters) return visibleText(text)
  // Not up to the middle of a pair of surrogates.
  const start = text.slice(0, mostLetters).replace(/[\uD800-\uDBFF]$/, '')
  return `${visibleText(start)}… (${text.length} letters)`
}
