import { exactCount } from './number-text.ts'
import { visibleText } from './visible-text.ts'

/** What an analysis read, for a file to say: how many windows, how long, and of what. */
export function readInWords(
  windows: number,
  {
    window,
    corpus
  }: {
    readonly window: number
    /** Null for the text. */
    readonly corpus: { readonly name: string } | null
  }
): string {
  const of = corpus === null ? 'the text' : visibleText(corpus.name)
  return `${windowsText(windows)} of ${window} tokens of ${of}`
}

export function windowsText(windows: number): string {
  return windows === 1 ? '1 window' : `${exactCount(windows)} windows`
}
