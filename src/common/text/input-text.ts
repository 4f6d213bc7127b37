import type { RunInput } from '../model/run-input.ts'
import { visibleText } from './visible-text.ts'

/** What a run read, as it is written: its text, or its token ids. */
export function inputText(input: RunInput): string {
  return 'text' in input ? input.text : input.ids.join(', ')
}

/** The same in one line. */
export function inputLine(input: RunInput): string {
  return visibleText(inputText(input).replace(/\s+/g, ' ').trim())
}
