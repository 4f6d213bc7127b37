/** A rewritten text and where each of its UTF-16 units came from in the source. */
export interface AlignedText {
  readonly text: string
  /** [unit] source offset where what became this unit starts */
  readonly starts: Int32Array
  /** [unit] source offset where it ends; equal to the start for a unit that was inserted */
  readonly ends: Int32Array
}

/** Rewrites a text the way a model was trained, keeping track of where each unit came from. */
export type AlignedNormalizer = (text: AlignedText) => AlignedText

/** A text not rewritten yet; both halves of a surrogate pair span the whole pair. */
export function alignedSource(text: string): AlignedText {
  const starts = new Int32Array(text.length)
  const ends = new Int32Array(text.length)
  for (let index = 0; index < text.length;) {
    const length = text.codePointAt(index)! > 0xffff ? 2 : 1
    starts.fill(index, index, index + length)
    ends.fill(index + length, index, index + length)
    index += length
  }
  return { text, starts, ends }
}

/** The units from `from` up to `to`, sharing memory. */
export function sliceAligned(aligned: AlignedText, from: number, to: number): AlignedText {
  return {
    text: aligned.text.slice(from, to),
    starts: aligned.starts.subarray(from, to),
    ends: aligned.ends.subarray(from, to)
  }
}

/** The source span of units `from` up to `to`; an empty range gives the point where it lies. */
export function sourceSpan(
  aligned: AlignedText,
  from: number,
  to: number
): { readonly start: number; readonly end: number } {
  if (to > from) return { start: aligned.starts[from]!, end: aligned.ends[to - 1]! }
  const point = aligned.starts[from] ?? aligned.ends[from - 1] ?? 0
  return { start: point, end: point }
}

/** Collects the pieces of a rewritten text, each with the source span it came from. */
export interface AlignedBuilder {
  /** Appends text that came, as a whole, from one source span. */
  add(text: string, start: number, end: number): void
  /** Appends units of an aligned text as they stand. */
  keep(aligned: AlignedText, from: number, to: number): void
  finish(): AlignedText
}

/** An empty builder. */
export function alignedBuilder(): AlignedBuilder {
  const texts: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  return {
    add(text, start, end) {
      texts.push(text)
      for (let unit = 0; unit < text.length; unit++) {
        starts.push(start)
        ends.push(end)
      }
    },
    keep(aligned, from, to) {
      texts.push(aligned.text.slice(from, to))
      for (let unit = from; unit < to; unit++) {
        starts.push(aligned.starts[unit]!)
        ends.push(aligned.ends[unit]!)
      }
    },
    finish: () => ({
      text: texts.join(''),
      starts: Int32Array.from(starts),
      ends: Int32Array.from(ends)
    })
  }
}
