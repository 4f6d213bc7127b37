import { visibleIsolated } from '../../text/token-text.ts'

/** A text that Markdown takes as text, with what is not seen of it by its number. */
export function markdownText(text: string): string {
  return visibleIsolated(text.replaceAll(/\s+/g, ' ')).replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')
}
