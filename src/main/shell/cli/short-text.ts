import { visibleText } from '#common/text/visible-text.ts'

/** Letters of a text that are read in passing. */
export const mostLetters = 200

/** A text as it is shown on the terminal: of a long one its beginning, and how long it is. */
export function shortText(text: string, most = mostLetters): string {
  if (text.length <= most) return visibleText(text)
  // Not up to the middle of a pair of surrogates.
  const start = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
  return `${visibleText(start)}… (${text.length} letters)`
}
