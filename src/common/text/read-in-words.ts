import { counted } from './number-text.ts'
import { visibleText } from './visible-text.ts'

/**
 * What an analysis read, for a file to say: how many windows, how long, and of what.
 * @param tokens of the text
 */
export function readInWords(
  windows: number,
  {
    window,
    corpus,
    sentences
  }: {
    readonly window: number
    /** Null for the text. */
    readonly corpus: { readonly name: string } | null
    /** Each is a window, in place of those of that length. */
    readonly sentences?: true | undefined
  },
  tokens: number
): string {
  const of = corpus === null ? 'the text' : visibleText(corpus.name)
  if (sentences) return `${counted(windows, 'sentence')} of ${of}`
  // A text may be shorter than a window; of several the last often is.
  const length =
    corpus === null && windows === 1
      ? counted(Math.min(window, tokens), 'token')
      : `up to ${counted(window, 'token')}`
  return `${windowsText(windows)} of ${length} of ${of}`
}

export function windowsText(windows: number): string {
  return counted(windows, 'window')
}
