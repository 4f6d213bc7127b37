import { wordCount, type Piece } from './plain-split.ts'

/** How two ways to split one text compare. */
export interface SplitComparison {
  readonly words: number
  /** Of each way. */
  readonly sides: readonly {
    readonly name: string
    readonly tokens: number
    /** NaN of a text without words. */
    readonly tokens_per_word: number
  }[]
  /** Stretches of the text that both split alike. */
  readonly alike: number
  /** Those that they do not, with the pieces of each. */
  readonly different: readonly {
    readonly start: number
    readonly end: number
    readonly text: string
    readonly pieces: readonly (readonly string[])[]
  }[]
}

/** A way to split a text, by its name. */
export interface Split {
  readonly name: string
  readonly pieces: readonly Piece[]
}

/**
 * Sets two ways to split a text side by side. White space at the ends of a piece does not count, nor do pieces of nothing else or
 * of nothing in the text.
 */
export function compareSplits(text: string, sides: readonly [Split, Split]): SplitComparison {
  const words = wordCount(text)
  const spans = sides.flatMap(({ pieces }, side) =>
    pieces.flatMap(piece => trimmed(text, piece, side) ?? [])
  )
  spans.sort((a, b) => a.start - b.start || a.end - b.end || a.side - b.side)
  const stretches: (typeof spans)[] = []
  let end = -1
  for (const span of spans) {
    if (span.start >= end || stretches.length === 0) stretches.push([])
    stretches.at(-1)!.push(span)
    end = Math.max(end, span.end)
  }
  const different = stretches.flatMap(stretch => {
    const of = (side: number) => stretch.filter(span => span.side === side)
    const [one, other] = [of(0), of(1)]
    const isAlike =
      one.length === other.length &&
      one.every(({ start, end }, i) => start === other[i]!.start && end === other[i]!.end)
    if (isAlike) return []
    const start = stretch[0]!.start
    const last = Math.max(...stretch.map(span => span.end))
    const pieces = [one, other].map(spans => spans.map(({ piece }) => piece))
    return [{ start, end: last, text: text.slice(start, last), pieces }]
  })
  return {
    words,
    sides: sides.map(({ name, pieces }) => ({
      name,
      tokens: pieces.length,
      tokens_per_word: words === 0 ? NaN : pieces.length / words
    })),
    alike: stretches.length - different.length,
    different
  }
}

function trimmed(text: string, { piece, start, end }: Piece, side: number) {
  const own = text.slice(start, end)
  const from = start + own.length - own.trimStart().length
  const to = end - (own.length - own.trimEnd().length)
  return to > from ? { piece, start: from, end: to, side } : null
}
