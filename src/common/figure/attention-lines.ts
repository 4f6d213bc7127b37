import { z } from 'zod'
import { ShownToken } from '../model/token.ts'
import { differenceColor } from './color-table.ts'
import type { FigureKind, MapPanel, Size } from './figure-kind.ts'
import { linesShown, quantities, type Quantity } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import { textMark, type LineMark, type Mark, type TextMark } from './mark.ts'
import { monoWidth, textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { labelWidth, widestLabel } from './token-axis.ts'
import { axisLabels, type AxisLabel } from './token-labels.ts'
import { positionInRange } from './value-scale.ts'

const Index = z.int().min(0)

/** Attention of some heads as lines between two columns of tokens. */
export const AttentionLinesData = z
  .object({
    /** Null where what stands around it says what it is. */
    title: z.string().nullable(),
    tokens: z.array(ShownToken).readonly(),
    /** The first row that is shown, to a part of a row, and how many there is room for. */
    first: z.number().min(0),
    rows: z.number().min(1),
    /** What each is called, and which of the look's colours it has. */
    heads: z.array(z.object({ name: z.string(), color: Index })).readonly(),
    /** The strongest last; `head` is an index into the heads. */
    lines: z
      .array(z.object({ query: Index, key: Index, head: Index, weight: z.number() }))
      .readonly(),
    /** Of differences colours tell what is less and more, and not the heads. */
    quantity: z.enum(quantities).default('weight'),
    /** What is left out. */
    note: z.string(),
    /** Queries stand at the right. */
    mirrored: z.boolean(),
    /** Whose labels stand out. */
    marked: z.object({ query: Index.nullable(), key: Index.nullable() })
  })
  .refine(
    ({ heads, lines }) => lines.every(({ head }) => head < heads.length),
    'expected lines of its heads'
  )
export type AttentionLinesData = z.output<typeof AttentionLinesData>

/** From one row to the next in a window, where rows are pointed at. */
export const lineRow = 20
const margin = 14
const legendRow = 20
/** For what the columns are. */
const namesRoom = 16
const labelGap = 8
const numberGap = 8
const widestGap = 460
const lineWidth = 1.5
/** The line between the tokens that are marked. */
const markedWidth = 3

/** Two columns of tokens, queries and keys, joined by lines as opaque as their weights are high. */
export const attentionLines: FigureKind<AttentionLinesData> = {
  name: 'attention-lines',
  data: AttentionLinesData,
  shows: ({ quantity, note, mirrored }) => {
    const [left, right] = mirrored ? ['keys', 'queries'] : ['queries', 'keys']
    const sides = `${left} at the left, ${right} at the right`
    return [linesShown(quantity), sides, note].filter(Boolean).join('; ')
  },
  resizes: 'width',

  natural(data, look) {
    const { label, number } = needsOf(data, look)
    const columns = 2 * (label + number + labelGap + numberGap)
    return {
      // The note says what is left out: it stands whole.
      width: Math.ceil(Math.max(columns + 260, monoWidth(data.note, look.size)) + 2 * margin),
      height: Math.ceil(above(data, look) + data.rows * rowHeight(look) + 2 * margin),
      ratio: 1
    }
  },

  panel(data, look, size): MapPanel {
    const { title, note } = data
    const words = { font: look.sans, size: look.size }
    const room = size.width - 2 * margin
    return {
      kind: 'map',
      ...size,
      paper: look.paper,
      rasters: [],
      marks: [
        ...lineMarks(data, look, size),
        ...columnMarks(data, look, size),
        ...(isOnPage(data, look) ? sideNames(data, look, size) : []),
        ...(title !== null || hasLegend(data, look) ? legend(data, look) : []),
        ...(title === null
          ? []
          : [
              ...titleMarks(title, look, { x: margin, y: titleRoom - 10, room }),
              textMark({
                ...words,
                text: note,
                x: margin,
                y: titleRoom + legendRow * 1.5,
                color: look.faint,
                room
              })
            ])
      ]
    }
  }
}

/** Where the columns of a figure stand, in CSS pixels. */
export interface LinesLayout {
  /** Where the lines begin and end: at the queries, and at the keys. */
  readonly query: number
  readonly key: number
  /** How wide tokens with their positions are at most, from there outward. */
  readonly side: number
  /** Where the first row begins that there is. */
  readonly top: number
}

/** Where queries and keys stand. */
export function linesLayout(
  data: Pick<AttentionLinesData, 'title' | 'tokens' | 'first' | 'mirrored' | 'heads' | 'quantity'>,
  look: Pick<Look, 'size' | 'still'>,
  { width }: Pick<Size, 'width'>
): LinesLayout {
  const { label, number } = needsOf(data, look)
  const side = label + number + numberGap
  const reach = side + labelGap
  const gap = Math.max(40, Math.min(widestGap, width - 2 * (reach + margin)))
  const left = Math.max(margin + reach, (width - gap) / 2)
  const top = above(data, look) + margin - data.first * rowHeight(look)
  return data.mirrored
    ? { query: left + gap, key: left, side, top }
    : { query: left, key: left + gap, side, top }
}

/** From one row to the next: on a page as lines of a text are. */
function rowHeight({ size, still }: Pick<Look, 'size' | 'still'>): number {
  return still === true ? Math.min(lineRow, Math.ceil(1.3 * size)) : lineRow
}

/** Whether nothing stands around it that says which side is which. */
function isOnPage(
  { title }: Pick<AttentionLinesData, 'title'>,
  { still }: Pick<Look, 'still'>
): boolean {
  return title !== null || still === true
}

/** Whether colours tell something that is to be said without a title, too. */
function hasLegend(
  data: Pick<AttentionLinesData, 'title' | 'heads' | 'quantity'>,
  look: Pick<Look, 'still'>
): boolean {
  return isOnPage(data, look) && (data.heads.length > 1 || data.quantity === 'difference')
}

/** Room above the rows. */
function above(
  data: Pick<AttentionLinesData, 'title' | 'heads' | 'quantity'>,
  look: Pick<Look, 'still'>
): number {
  const heading = data.title === null ? 0 : titleRoom + 2 * legendRow
  const key = data.title === null && hasLegend(data, look) ? legendRow : 0
  return heading + key + (isOnPage(data, look) ? namesRoom : 0)
}

/** What the columns are, above them: beside the lines where there is room, else from their outer side on. */
function sideNames(data: AttentionLinesData, look: Look, size: Size): TextMark[] {
  const { query, key, side } = linesLayout(data, look, size)
  const y = above(data, look) - namesRoom + legendRow / 2
  const words = { font: look.sans, size: look.size, color: look.faint, y }
  // No further than the middle between the columns.
  const room = side + Math.abs(key - query) / 2 - numberGap
  const width = (text: string) => textWidth(text, words)
  const named = width('key, attended to') <= room ? 'key, attended to' : 'key'
  return [
    { text: 'query', x: query, isLeft: query < key },
    { text: named, x: key, isLeft: key < query }
  ].map(({ text, x, isLeft }) => {
    const at = isLeft ? x - Math.min(side, width(text)) : x + Math.min(0, side - width(text))
    return textMark({ ...words, text, x: at })
  })
}

function needsOf({ tokens }: Pick<AttentionLinesData, 'tokens'>, { size }: Pick<Look, 'size'>) {
  return {
    label: widestLabel(axisLabels(tokens), size),
    number: monoWidth(String(tokens.length), size - 1)
  }
}

function lineMarks(data: AttentionLinesData, look: Look, size: Size): LineMark[] {
  const { tokens, lines, heads, quantity, marked } = data
  const { query, key, top } = linesLayout(data, look, size)
  const [from, to] =
    query < key ? [query + labelGap, key - labelGap] : [query - labelGap, key + labelGap]
  const yOf = (row: number) => top + (row + 0.5) * rowHeight(look)
  return lines.map(line => {
    const isMarked = line.query === marked.query && line.key === marked.key
    return {
      kind: 'line',
      points: [
        [from, yOf(line.query)],
        [to, yOf(line.key)]
      ],
      color: lineColor(line.weight, heads[line.head]!.color, quantity, look),
      width: isMarked ? markedWidth : lineWidth,
      opacity: lineOpacity(line.weight, look.range.high, look),
      tip: [
        ...[heads[line.head]!.name, '\nquery ', line.query, ' ', tokens[line.query] ?? ''],
        ...['\nkey ', line.key, ' ', tokens[line.key] ?? ''],
        quantity === 'difference' ? '\ndifference of weights: ' : '\nattention weight: ',
        line.weight
      ]
    }
  })
}

/** The colour of its head; of a difference that of less or more. */
export function lineColor(
  weight: number,
  head: number,
  quantity: Quantity,
  look: Pick<Look, 'heads' | 'paper'>
): string {
  return quantity === 'difference' ? differenceColor(weight, look.paper) : headColor(head, look)
}

/** As opaque as a weight is high, or a difference far from zero; whole at `high`. */
export function lineOpacity(weight: number, high: number, { scale }: Pick<Look, 'scale'>): number {
  return positionInRange(scale, { low: 0, high }, Math.abs(weight))
}

/** The colour of a head by its number; after the last they begin again. */
export function headColor(head: number, { heads }: Pick<Look, 'heads'>): string {
  return heads[head % heads.length]!
}

function columnMarks(data: AttentionLinesData, look: Look, size: Size): Mark[] {
  const { tokens, first, rows, marked } = data
  const layout = linesLayout(data, look, size)
  const labels = axisLabels(tokens)
  const start = Math.max(0, Math.floor(first))
  const end = Math.min(tokens.length, Math.ceil(first + rows))
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i).flatMap(row => {
    const y = layout.top + (row + 0.5) * rowHeight(look)
    const place = (side: 'query' | 'key') => {
      // Away from the lines.
      const outward = layout[side] === Math.min(layout.query, layout.key) ? -1 : 1
      return tokenMarks(
        row,
        labels[row]!,
        { x: layout[side], y, outward },
        marked[side] === row,
        look
      )
    }
    return [...place('query'), ...place('key')]
  })
}

function tokenMarks(
  row: number,
  label: AxisLabel,
  { x, y, outward }: { readonly x: number; readonly y: number; readonly outward: 1 | -1 },
  isMarked: boolean,
  look: Look
): TextMark[] {
  const align = outward === 1 ? 'left' : 'right'
  const plain = label.faint ? look.faint : look.ink
  const width = labelWidth(label, look.size)
  return [
    textMark({
      text: label.text,
      x,
      y,
      align,
      font: look.mono,
      size: look.size,
      weight: isMarked ? 700 : 400,
      color: isMarked || label.special ? look.accent : plain,
      pill: label.special ? look.pill : null
    }),
    textMark({
      text: String(row),
      x: x + outward * (width + numberGap),
      y,
      align,
      font: look.mono,
      size: look.size - 2,
      color: isMarked ? look.accent : look.faint
    })
  ]
}

function legend(
  { title, heads, quantity }: Pick<AttentionLinesData, 'title' | 'heads' | 'quantity'>,
  look: Look
): Mark[] {
  const y = (title === null ? 0 : titleRoom) + legendRow / 2
  const entries =
    quantity === 'difference'
      ? [
          { name: 'less', fill: differenceColor(-1, look.paper) },
          { name: 'more', fill: differenceColor(1, look.paper) }
        ]
      : heads.map(({ name, color }) => ({ name, fill: headColor(color, look) }))
  let x = margin
  return entries.flatMap(({ name, fill }): Mark[] => {
    const at = x
    x += 14 + monoWidth(name, look.size) + 12
    return [
      { kind: 'rect', x: at, y: y - 4, width: 9, height: 9, fill, line: null },
      textMark({ text: name, x: at + 14, y, font: look.sans, size: look.size, color: look.ink })
    ]
  })
}
