const segmenter = new Intl.Segmenter('und', { granularity: 'sentence' })

/** A line's end within a sentence: the next line goes on in lower case. */
const wrapped = /\n(?=\p{Ll})/gu

/**
 * The sentences of a text, each with the white space after it: together they are the text. Punctuation tells where one ends, so that
 * `Dr.` before a name does, too; and so does a line's end, but where lines are wrapped.
 * @source Unicode Standard Annex 29, section 5, as Intl.Segmenter has it
 */
export function sentencesOf(text: string): string[] {
  const unwrapped = text.replace(wrapped, ' ')
  return Array.from(segmenter.segment(unwrapped), ({ index, segment }) =>
    text.slice(index, index + segment.length)
  )
}
