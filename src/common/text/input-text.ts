import type { RunInput } from '../model/run-input.ts'
import { cutShort } from './cut-short.ts'
import { counted } from './number-text.ts'
import { visibleText } from './visible-text.ts'

/** What a run read, as it is written: its text, or its token ids. */
export function inputText(input: RunInput): string {
  return 'text' in input ? input.text : input.ids.join(', ')
}

/** The same in one line. */
export function inputLine(input: RunInput): string {
  return visibleText(inputText(input).replace(/\s+/g, ' ').trim())
}

/** The same in quotes: of a long one its beginning, and of how many tokens it is. */
export function quotedInput(input: RunInput, tokens: number): string {
  const line = inputLine(input)
  const cut = cutShort(line, mostQuoted)
  return cut === line ? `“${line}”` : `“${cut}” (${counted(tokens, 'token')})`
}
const mostQuoted = 80
