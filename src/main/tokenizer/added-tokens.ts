import { sliceAligned, type AlignedText } from './aligned-text.ts'
import type { AddedToken } from './definition.ts'

/** A stretch of text: an added token, or what lies between two (`token` null). */
export interface Section {
  readonly text: AlignedText
  readonly token: AddedToken | null
}

/** Cuts a text at the added tokens it contains; the longest wins where several start. */
export type SectionSplitter = (text: AlignedText) => Section[]

/**
 * A splitter for some added tokens.
 * @param tokens each with the spelling to look for
 */
export function sectionSplitter(
  tokens: readonly (readonly [spelling: string, token: AddedToken])[]
): SectionSplitter {
  const byFirst = new Map<string, (readonly [string, AddedToken])[]>()
  for (const entry of tokens) {
    if (entry[0] === '') continue
    const first = entry[0][0]!
    byFirst.set(first, [...(byFirst.get(first) ?? []), entry])
  }
  for (const entries of byFirst.values()) entries.sort((a, b) => b[0].length - a[0].length)
  return text => (byFirst.size === 0 ? [{ text, token: null }] : sections(text, byFirst))
}

function sections(
  aligned: AlignedText,
  byFirst: ReadonlyMap<string, readonly (readonly [string, AddedToken])[]>
): Section[] {
  const { text } = aligned
  const found: Section[] = []
  let done = 0
  for (let at = 0; at < text.length;) {
    const [spelling, token] =
      byFirst.get(text[at]!)?.find(([spelling]) => text.startsWith(spelling, at)) ?? []
    if (spelling === undefined || token === undefined) {
      at++
      continue
    }
    const end = at + spelling.length
    // What stands in a word is passed over whole: no shorter token is looked for in it.
    if (token.single_word && (isWord(text, at, -1) || isWord(text, end, 1))) {
      at = end
      continue
    }
    let from = at
    while (token.lstrip && from > done && whiteSpace.test(text[from - 1]!)) from--
    let to = end
    while (token.rstrip && to < text.length && whiteSpace.test(text[to]!)) to++
    if (from > done) found.push({ text: sliceAligned(aligned, done, from), token: null })
    found.push({ text: sliceAligned(aligned, from, to), token })
    done = at = to
  }
  if (done < text.length)
    found.push({ text: sliceAligned(aligned, done, text.length), token: null })
  return found
}

// White space is of one unit each.
const whiteSpace = /\p{White_Space}/u
const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u
const wordAfter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u

/** Whether a character of words stands before a place, or after it. */
function isWord(text: string, at: number, side: -1 | 1): boolean {
  return side < 0
    ? wordBefore.test(text.slice(Math.max(0, at - 2), at))
    : wordAfter.test(text.slice(at, at + 2))
}
