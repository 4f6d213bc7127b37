/** Ways to split a text that need no vocabulary. */
export const plainSplits = ['characters', 'bytes', 'words'] as const
export type PlainSplit = (typeof plainSplits)[number]

/** A piece of a text, with its UTF-16 offsets. */
export interface Piece {
  readonly piece: string
  readonly start: number
  readonly end: number
}

/**
 * A text in characters (Unicode code points), UTF-8 bytes, or words and punctuation: runs of letters, digits and _, and every
 * other character but white space by itself.
 */
export function plainSplit(text: string, how: PlainSplit): Piece[] {
  const pattern = how === 'words' ? /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu : /./gsu
  const pieces = Array.from(text.matchAll(pattern), ({ 0: piece, index }) => ({
    piece,
    start: index,
    end: index + piece.length
  }))
  if (how !== 'bytes') return pieces
  const encoder = new TextEncoder()
  return pieces.flatMap(({ piece, start, end }) =>
    Array.from(encoder.encode(piece), byte => ({
      piece: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      start,
      end
    }))
  )
}

/** How many words a text has: runs of letters, digits and _. */
export function wordCount(text: string): number {
  return plainSplit(text, 'words').filter(({ piece }) => /[\p{L}\p{M}\p{N}_]/u.test(piece)).length
}
