import { z } from 'zod'
import { colorTable, cssColor } from './color-table.ts'
import type { FigureKind, MapPanel } from './figure-kind.ts'
import { isolated } from '../text/token-text.ts'
import { inkOn } from './ink-on.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type Tip } from './mark.ts'
import { middleOfLetters } from './middle-of-letters.ts'
import { monoWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { positionInRange } from './value-scale.ts'
import { lettersOf } from '../text/cut-short.ts'

const Piece = z.object({ text: z.string(), weight: z.number().nullable() })
type Piece = z.output<typeof Piece>

/** Queries in their texts, in groups, one above the other: what each attends to is shaded. */
export const ContextLinesData = z.object({
  title: z.string().nullable(),
  /** What the shades stand for; left out where that was not kept. */
  unit: z.string().exactOptional(),
  /** Texts run from right to left. */
  mirrored: z.boolean(),
  groups: z
    .array(
      z.object({
        label: z.string(),
        lines: z
          .array(
            z.object({
              score: z.string(),
              before: z.array(Piece).readonly(),
              query: Piece,
              after: z.array(Piece).readonly()
            })
          )
          .readonly()
      })
    )
    .readonly()
})
export type ContextLinesData = z.output<typeof ContextLinesData>

const groupRoom = 24
const lineRoom = 19
const scoreRoom = 56
const margin = 8

/** The queries stand below each other, with as much of the text before and after them as there is room. */
export const contextLines: FigureKind<ContextLinesData> = {
  name: 'context-lines',
  data: ContextLinesData,
  shows: ({ unit }) => (unit === undefined ? '' : `Colour: ${unit}`),
  resizes: 'width',

  natural({ title, groups }) {
    const lines = groups.reduce((sum, { lines }) => sum + lines.length, 0)
    const height = groups.length * groupRoom + lines * lineRoom + margin
    return { width: 840, height: height + (title === null ? 0 : titleRoom), ratio: 1 }
  },

  panel({ title, unit, mirrored, groups }, look, size): MapPanel {
    const marks: Mark[] = []
    const plain = { font: look.sans, color: look.ink, size: look.size }
    let y = 0
    marks.push(...titleMarks(title, look, { x: margin, y: 15, room: size.width - 2 * margin }))
    if (title !== null) y += titleRoom
    const room = { left: margin + scoreRoom, right: size.width - margin }
    const middle = (room.left + room.right) / 2
    for (const { label, lines } of groups) {
      y += groupRoom
      marks.push(
        textMark({
          ...plain,
          text: label,
          weight: 600,
          x: margin,
          y: y - 9,
          room: size.width - 2 * margin
        })
      )
      for (const { score, before, query, after } of lines) {
        const at = y + lineRoom / 2
        const faint = { ...plain, color: look.faint, align: 'right' as const }
        marks.push(textMark({ ...faint, text: score, x: margin + scoreRoom - 12, y: at }))
        const half = widthOf(query.text, look) / 2
        const of = weightName(unit)
        const own = [
          isolated(query.text),
          `\n${isolated(label)}: ${score}`,
          ...weightTip(query, of)
        ]
        marks.push(...pieceMarks(query, { x: middle - half, y: at }, mirrored, look, own, true))
        const [left, right] = mirrored ? [after, before] : [before, after]
        marks.push(
          ...row(left, -1, { from: middle - half - gap, to: room.left, y }, mirrored, of, look),
          ...row(right, 1, { from: middle + half + gap, to: room.right, y }, mirrored, of, look)
        )
        y += lineRoom
      }
    }
    return { ...{ kind: 'map', ...size, paper: look.paper }, rasters: [], marks }
  }
}

/** What stands before a weight where it is said; nothing where it was not kept what weights are. */
function weightName(unit: string | undefined): string {
  return unit === undefined ? '' : `${unit}: `
}

function weightTip({ weight }: Piece, of: string): (string | number)[] {
  return weight === null ? [] : [`\n${of}`, weight]
}

/** Between the query and what is beside it. */
const gap = 3

/**
 * Pieces from the query outwards, as many as there is room for.
 * @param pieces in the order that they stand in in the text
 * @param of what stands before their weights where they are said
 */
function row(
  pieces: readonly Piece[],
  direction: -1 | 1,
  { from, to, y }: { readonly from: number; readonly to: number; readonly y: number },
  mirrored: boolean,
  of: string,
  look: Look
): Mark[] {
  const isAfter = direction > 0 !== mirrored
  const marks: Mark[] = []
  let x = from
  for (const piece of isAfter ? pieces : pieces.toReversed()) {
    const room = direction * (to - x)
    const isCut = widthOf(piece.text, look) > room
    if (isCut && piece.weight !== null) break
    const fitting = isCut ? { ...piece, text: cut(piece.text, room, isAfter, look) } : piece
    const width = widthOf(fitting.text, look)
    const at = { x: direction < 0 ? x - width : x, y: y + lineRoom / 2 }
    const tip = piece.weight === null ? null : [isolated(piece.text), ...weightTip(piece, of)]
    marks.push(...pieceMarks(fitting, at, mirrored, look, tip, false))
    if (isCut) break
    x += direction * width
  }
  return marks
}

/** As many of the letters that are nearest to the query as there is room for. */
function cut(text: string, room: number, isAfter: boolean, look: Look): string {
  const letters = lettersOf(text)
  while (letters.length > 0 && widthOf(letters.join(''), look) > room) {
    if (isAfter) letters.pop()
    else letters.shift()
  }
  return letters.join('')
}

function pieceMarks(
  { text, weight }: Piece,
  { x, y }: { readonly x: number; readonly y: number },
  mirrored: boolean,
  look: Look,
  tip: Tip | null,
  isQuery: boolean
): Mark[] {
  const width = widthOf(text, look)
  const box = { kind: 'rect', x, y: y - 8, width, height: 16 } as const
  const fill =
    weight === null
      ? null
      : cssColor(look.colorMap, positionInRange(look.scale, look.range, weight), look.paper)
  const ink =
    weight === null ? look.faint : inkOn(weight, colorTable(look.colorMap, look.paper), look)
  return [
    ...(fill === null && !isQuery
      ? []
      : [
          {
            ...{ ...box, fill, line: isQuery ? look.accent : null },
            ...(tip !== null && { tip })
          } satisfies Mark
        ]),
    textMark({
      text: text.trim(),
      x: x + width * middleOfLetters(text, mirrored),
      ...{ y, align: 'center', font: look.mono, size: look.size },
      color: isQuery && fill === null ? look.ink : ink,
      weight: isQuery ? 700 : 400
    })
  ]
}

function widthOf(text: string, look: Look): number {
  return monoWidth(text, look.size)
}
