const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * The letters of a text, each with what stands at it or is joined to it, such as vowel points.
 * @source Unicode Standard Annex 29, section 3, as Intl.Segmenter has it
 */
export function lettersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

/** The beginning of a text that takes so many UTF-16 units at most, without a letter that goes on behind it. */
export function firstLetters(text: string, most: number): string {
  if (text.length <= most) return text
  // Whether a letter goes on is told by the next character, of two units at most.
  return text.slice(0, graphemes.segment(text.slice(0, most + 2)).containing(most)!.index)
}

/** A line of so many letters; of a longer one its beginning, with an ellipsis in place of what ends a sentence there. */
export function cutShort(line: string, most: number): string {
  if (line.length <= most) return line
  let count = 0
  for (const { index } of graphemes.segment(line))
    if (count++ === most) return `${line.slice(0, index).replace(/[.…]+\s*$/, '')}…`
  return line
}
