import createBidi from 'bidi-js'
import { z } from 'zod'
import { hasRightToLeft } from '../text/token-text.ts'
import { monoWidth } from './text-width.ts'

/** A token, or the part of it that stands in one line, where it stands in the flowing text, in CSS pixels. */
export const TextBox = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  text: z.string(),
  kind: z.enum(['letters', 'sign', 'special']),
  /** Of tokens that are taken together. */
  group: z.int().min(0),
  /** White space before it that is of no token; left out for none. */
  gap: z.string().exactOptional()
})
export type TextBox = z.output<typeof TextBox>

/** A text as it flows in lines. */
export interface FlowingText {
  /** In the order of the text; those of a line stand at the same height. */
  readonly boxes: readonly TextBox[]
  readonly room: { readonly width: number; readonly height: number }
  /** Whether lines run from right to left. */
  readonly mirrored: boolean
}

/** A token, or a part of it, before it has its place. */
export interface FlowingPart extends Pick<TextBox, 'text' | 'kind' | 'group' | 'gap'> {
  readonly endsLine: boolean
}

/** From one line to the next, of the size of letters. */
const lineHeight = 26 / 14

/**
 * A text in lines of some width, by the reckoned widths of its letters: the same on the screen, in what it saves and by the command.
 * @param width of the lines, in CSS pixels
 * @param size of the letters
 */
export function flowingText(
  parts: readonly FlowingPart[],
  { width, size, mirrored }: { width: number; size: number; mirrored: boolean }
): FlowingText {
  const height = lineHeight * size
  const lines: Piece[][] = [[]]
  let x = 0
  const newLine = () => {
    lines.push([])
    x = 0
  }
  for (const word of wordsOf(parts.flatMap(part => inPieces(part, width, size)))) {
    const letters = word.reduce((sum, piece) => sum + piece.gapWidth + piece.width, 0)
    if (x > 0 && x + letters - trailing(word.at(-1)!, size) > width) newLine()
    for (const piece of word) {
      // One that is wider than a line goes on in the next.
      if (x > 0 && x + piece.gapWidth + piece.width - trailing(piece, size) > width) newLine()
      x += (x === 0 ? 0 : piece.gapWidth) + piece.width
      lines.at(-1)!.push(piece)
      if (piece.endsLine) newLine()
    }
  }
  return {
    boxes: lines.flatMap((line, i) => placed(line, { y: i * height, height, width, mirrored })),
    room: { width, height: lines.length * height },
    mirrored
  }
}

/** How long the longest line is of a text that has flowed, by the reckoned widths of its letters; white space may hang over. */
export function longestLine(boxes: readonly TextBox[], size: number): number {
  const lines = [...Map.groupBy(boxes, ({ y }) => y).values()]
  const widths = lines.map(line => {
    const letters = line.map(({ text, gap = '' }, i) => (i === 0 ? text : gap + text)).join('')
    return monoWidth(letters.trimEnd(), size)
  })
  return Math.max(0, ...widths)
}

/** What flows, of a text that has flowed: in another width its lines end elsewhere. */
export function partsOfBoxes(boxes: readonly TextBox[]): FlowingPart[] {
  return boxes.flatMap(({ text, kind, group, gap }) =>
    // A line ends where a newline's sign stands.
    text.split(/(?<=↵)/).map((line, i) => ({
      ...{ text: line, kind, group, endsLine: line.endsWith('↵') },
      ...(i === 0 && gap !== undefined && { gap })
    }))
  )
}

/** Whether lines of some width run from right to left, by the side that they begin at. */
export function runsFromRight(boxes: readonly TextBox[], width: number): boolean {
  const [first] = boxes
  return first !== undefined && first.x > width - first.x - first.width
}

/**
 * Boxes with the white space that is of no token, where that was not kept with them: what keeps them apart, and what a line ended at.
 * @param mirrored whether lines run from right to left
 */
export function boxesWithGaps(boxes: readonly TextBox[], mirrored: boolean): TextBox[] {
  const isApart = (before: TextBox, { x, y, width }: TextBox) =>
    y === before.y && (mirrored ? before.x - x - width : x - before.x - before.width) > least
  // Where none are kept apart, white space is of tokens.
  const hasGaps = boxes.some((box, i) => i > 0 && isApart(boxes[i - 1]!, box))
  return boxes.map((box, i) => {
    const before = boxes[i - 1]
    const isNext = before !== undefined && (before.y !== box.y || isApart(before, box))
    return hasGaps && isNext ? { ...box, gap: ' ' } : box
  })
}

/** What boxes that follow one another lie apart by less than, in CSS pixels. */
const least = 2

interface Piece extends FlowingPart {
  readonly width: number
  readonly gapWidth: number
}

/** A part as it is, or, where it is wider than a line, in pieces that are not. */
function inPieces(part: FlowingPart, room: number, size: number): Piece[] {
  const piece = (text: string) => ({ ...part, text, width: monoWidth(text, size) })
  const gapWidth = monoWidth(part.gap ?? '', size)
  const whole = { ...piece(part.text), gapWidth }
  if (whole.width - trailing(whole, size) <= room) return [whole]
  const pieces = ['']
  for (const letter of part.text) {
    const longer = pieces.at(-1)! + letter
    if (pieces.at(-1) !== '' && monoWidth(longer, size) > room) pieces.push(letter)
    else pieces[pieces.length - 1] = longer
  }
  return pieces.map((text, i) => ({
    ...piece(text),
    gapWidth: i === 0 ? gapWidth : 0,
    endsLine: part.endsLine && i === pieces.length - 1
  }))
}

/** Pieces between which no line is ended. */
function wordsOf(pieces: readonly Piece[]): Piece[][] {
  const words: Piece[][] = []
  let ended = true
  for (const piece of pieces) {
    if (ended || piece.gapWidth > 0 || /^\s/.test(piece.text)) words.push([])
    words.at(-1)!.push(piece)
    ended = piece.endsLine || /\s$/.test(piece.text)
  }
  return words
}

/** What of a piece is white space at its end, which may hang over. */
function trailing({ text }: Pick<Piece, 'text'>, size: number): number {
  return monoWidth(/\s*$/.exec(text)![0], size)
}

/** A line's pieces in their places. */
function placed(
  line: readonly Piece[],
  at: { y: number; height: number; width: number; mirrored: boolean }
): TextBox[] {
  const { y, height, width, mirrored } = at
  const spaced = line.flatMap((piece, i) => [
    ...(i > 0 && piece.gapWidth > 0 ? [{ piece: null, width: piece.gapWidth }] : []),
    { piece, width: piece.width }
  ])
  const lefts = new Map<Piece, number>()
  let x = mirrored ? width - spaced.reduce((sum, { width: own }) => sum + own, 0) : 0
  for (const { piece, width: own } of fromTheLeft(spaced, mirrored)) {
    if (piece !== null) lefts.set(piece, x)
    x += own
  }
  return line.map(piece => {
    const { text, kind, group, gap } = piece
    const wide = Math.max(narrowest, piece.width)
    const x = lefts.get(piece)! - (wide - piece.width) / 2
    const own = { x, y, width: wide, height, text, kind, group }
    return gap === undefined ? own : { ...own, gap }
  })
}

/** The narrowest box: of a mark that stands over the letter before it. */
const narrowest = 3

const bidi = createBidi()

/**
 * What stands in a line as it is seen from the left. A special token is a sign like others, whatever its letters.
 * @source Unicode Bidirectional Algorithm (UAX 9)
 */
function fromTheLeft<T extends { readonly piece: Piece | null }>(
  line: readonly T[],
  mirrored: boolean
): readonly T[] {
  const texts = line.map(({ piece }) => {
    if (piece === null) return ' '
    return piece.kind === 'special' ? '\ufffc' : piece.text
  })
  const text = texts.join('')
  if (!mirrored && !hasRightToLeft(text)) return line
  const levels = bidi.getEmbeddingLevels(text, mirrored ? 'rtl' : 'ltr')
  const seen = new Int32Array(text.length)
  for (const [place, index] of bidi.getReorderedIndices(text, levels).entries()) seen[index] = place
  let from = 0
  const places = texts.map(({ length }) => seen.subarray(from, (from += length)))
  return line
    .map((one, i) => ({ one, place: places[i]!.reduce((a, b) => Math.min(a, b), text.length) }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)
}
