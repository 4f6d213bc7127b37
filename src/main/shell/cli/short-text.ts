import { visibleText } from '#common/text/visible-text.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/** Letters of a text that are read in passing. */
export const mostLetters = 200

/** A text as it is shown on the terminal: of a long one its beginning, and how long it is. */
export function shortText(text: string, most = mostLetters): string {
  if (text.length <= most) return visibleText(text)
  return `${visibleText(firstLetters(text, most))}… (${text.length} letters)`
}
