import { z } from 'zod'
import { lineColor, lineOpacity } from './attention-lines.ts'
import { labelledCells } from './axis-labels.ts'
import { mostHeadsOfLayer } from './data-limits.ts'
import type { FigureKind, MapPanel, Size } from './figure-kind.ts'
import { linesShown, quantities, type Quantity } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import { textMark, type LineMark, type Mark, type TextMark } from './mark.ts'
import { linesInRoom, monoWidth, textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

const Index = z.int().min(0)

/** The attention of one head, small. */
export const SmallLines = z.object({
  layer: Index,
  head: Index,
  /** Rows of tokens; of a long text each stands for several. */
  rows: z.int().min(1),
  /** The strongest last. */
  lines: z.array(z.object({ query: Index, key: Index, weight: z.number() })).readonly(),
  /** What the most opaque line stands for. */
  high: z.number()
})
export type SmallLines = z.output<typeof SmallLines>

/** The attention of all heads of a model, small, a row a layer. */
export const ModelLinesData = z.object({
  title: z.string().nullable(),
  note: z.string(),
  heads: z.int().min(1).max(mostHeadsOfLayer),
  /** So many query heads read the same key/value head. */
  group: z.int().min(1),
  cells: z.array(SmallLines).readonly(),
  /** Of differences colours tell what is less and more, and not the heads. */
  quantity: z.enum(quantities).default('weight'),
  /** Queries stand at the right. */
  mirrored: z.boolean()
})
export type ModelLinesData = z.output<typeof ModelLinesData>

const margin = 14
const noteRoom = 22
const labelRoom = 48
const headerRoom = 18
const bracketRoom = 16
/** Between cells; less where these are small. */
const mostGap = 8
const gapShare = 1 / 8
const groupGap = 8
/** Of a cell, in CSS pixels. */
const side = { least: 12, most: 140 }
/** Within a cell, around its lines; less where it is small. */
const mostInset = 4
const insetShare = 1 / 12

/** All layers and heads, each as lines between two columns of tokens. */
export const modelLines: FigureKind<ModelLinesData> = {
  name: 'model-lines',
  data: ModelLinesData,
  shows: ({ quantity, note }) => [linesShown(quantity), note].filter(Boolean).join('; '),
  resizes: 'shape',

  natural(data, look) {
    const width = widthWith(data, naturalStep(data))
    // The note says what is left out: it stands whole.
    const told = Math.ceil(monoWidth(data.note, look.size)) + 2 * margin
    const height = heightWith(data, look, { width: told, step: naturalStep(data) })
    return { width: Math.max(told, width), height, ratio: 1 }
  },

  high: (data, look, width) => heightWith(data, look, { width, step: stepIn(data, { width }) }),

  least: (data, look) => {
    const step = side.least / (1 - gapShare)
    const width = Math.ceil(widthWith(data, step))
    return { width, height: Math.ceil(heightWith(data, look, { width, step })) }
  },

  panel(data, look, size): MapPanel {
    const { title, cells } = data
    const layers = layersOf(data)
    const noteLines = noteLinesOf(data, look, size.width)
    const step = Math.min(
      stepIn(data, size),
      (size.height - aboveOf(data, noteLines.length, look) - 2 * margin) / layers.length
    )
    const own = step - gapOf(step)
    const left = margin + labelRoom
    const top = margin + aboveOf(data, noteLines.length, look)
    const words = { font: look.sans, size: look.size, color: look.faint }
    const room = size.width - 2 * margin
    const y = (layer: number) => top + layers.indexOf(layer) * step
    return {
      kind: 'map',
      ...size,
      paper: look.paper,
      rasters: [],
      marks: [
        ...titleMarks(title, look, { x: margin, y: titleRoom - 10, room }),
        ...noteLines.map((text, i) =>
          textMark({
            ...words,
            text,
            x: margin,
            y: (title === null ? 0 : titleRoom) + noteRoom / 2 + i * lineHeight(look),
            room
          })
        ),
        ...headerMarks(data, look, { left, top, step }),
        ...layers.map(layer =>
          textMark({
            ...words,
            text: layer === layers[0] ? `layer ${layer}` : String(layer),
            x: left - 8,
            y: y(layer) + own / 2,
            align: 'right'
          })
        ),
        ...cells.flatMap((cell): Mark[] => {
          const box = { x: left + columnLeft(cell.head, data, step), y: y(cell.layer) }
          const frame = { kind: 'rect', ...box, width: own, height: own } as const
          return [
            { ...frame, fill: null, line: look.line },
            ...smallLineMarks(cell, { ...box, width: own, height: own }, data, look)
          ]
        })
      ]
    }
  }
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The lines of one head in a box. */
export function smallLineMarks(
  { layer, head, rows, lines, high }: SmallLines,
  box: Box,
  { mirrored, quantity }: { readonly mirrored: boolean; readonly quantity: Quantity },
  look: Pick<Look, 'scale' | 'heads' | 'paper'>
): LineMark[] {
  const inset = Math.min(mostInset, insetShare * box.width, insetShare * box.height)
  const ends = [box.x + inset, box.x + box.width - inset]
  const [from, to] = mirrored ? ends.toReversed() : ends
  const yOf = (row: number) => box.y + inset + ((row + 0.5) / rows) * (box.height - 2 * inset)
  return lines.map(({ query, key, weight }) => ({
    kind: 'line',
    points: [
      [from!, yOf(query)],
      [to!, yOf(key)]
    ],
    color: lineColor(weight, head, quantity, look),
    width: 1,
    opacity: lineOpacity(weight, high, look),
    tip: [
      ...['Head ', layer, '.', head, '\nquery, row ', query, ' of ', rows, '\nkey, row ', key],
      ...[
        ' of ',
        rows,
        quantity === 'difference' ? '\ndifference of weights: ' : '\nattention weight: '
      ],
      weight
    ]
  }))
}

/** The layers that there are lines of, from top to bottom. */
function layersOf({ cells }: ModelLinesData): number[] {
  return [...new Set(cells.map(({ layer }) => layer))].sort((a, b) => a - b)
}

/** The note in lines: in a narrow column it has several. */
function noteLinesOf({ note }: ModelLinesData, look: Look, width: number): string[] {
  const words = { font: look.sans, size: look.size }
  return linesInRoom(note, width - 2 * margin, text => textWidth(text, words))
}

function lineHeight({ size }: Pick<Look, 'size'>): number {
  return Math.ceil(1.3 * size)
}

/** What stands over the cells. */
function aboveOf(
  { title, group }: ModelLinesData,
  noteLines: number,
  look: Pick<Look, 'size'>
): number {
  const note = noteRoom + (noteLines - 1) * lineHeight(look)
  return (title === null ? 0 : titleRoom) + note + headerRoom + (group > 1 ? bracketRoom : 0)
}

/** From a cell to the next, where nothing else decides: of few heads they are larger. */
function naturalStep({ heads }: Pick<ModelLinesData, 'heads'>): number {
  return Math.max(56, Math.min(side.most, Math.floor(1000 / heads) - mostGap)) + mostGap
}

/** From a cell to the next, in a width. */
function stepIn(data: ModelLinesData, { width }: Pick<Size, 'width'>): number {
  const room = Math.max(0, width - widthWith(data, 0))
  const { heads } = data
  // The last has no gap beside it.
  return Math.min(side.most + mostGap, (room + mostGap) / heads, room / (heads - gapShare))
}

/** Between cells that are so far apart. */
function gapOf(step: number): number {
  return Math.min(mostGap, gapShare * step)
}

function widthWith(data: ModelLinesData, step: number): number {
  return labelRoom + columnLeft(data.heads, data, step) - gapOf(step) + 2 * margin
}

function heightWith(
  data: ModelLinesData,
  look: Look,
  { width, step }: { readonly width: number; readonly step: number }
): number {
  const above = aboveOf(data, noteLinesOf(data, look, width).length, look)
  return above + layersOf(data).length * step + 2 * margin
}

/** Where a head's column begins, from that of the first. */
function columnLeft(
  head: number,
  data: Pick<ModelLinesData, 'heads' | 'group'>,
  step: number
): number {
  const groupsBefore = data.group > 1 ? Math.floor(Math.min(head, data.heads - 1) / data.group) : 0
  return head * step + groupsBefore * groupGap
}

function headerMarks(
  data: ModelLinesData,
  look: Look,
  { left, top, step }: { readonly left: number; readonly top: number; readonly step: number }
): Mark[] {
  const words = { font: look.sans, size: look.size, color: look.faint, align: 'center' } as const
  const own = step - gapOf(step)
  const widthOf = (text: string) => textWidth(text, words)
  const first = widthOf('head 0') <= step ? 'head 0' : '0'
  const apart = widthOf(String(data.heads - 1)) + 4
  const heads = labelledCells(0, data.heads - 1, step, apart).map((head): TextMark =>
    textMark({
      ...words,
      text: head === 0 ? first : String(head),
      x: left + columnLeft(head, data, step) + own / 2,
      y: top - headerRoom / 2
    })
  )
  if (data.group === 1) return heads
  const brackets = Array.from({ length: Math.ceil(data.heads / data.group) }, (_, group) => {
    const from = left + columnLeft(group * data.group, data, step)
    const to = left + columnLeft((group + 1) * data.group - 1, data, step) + own
    const y = top - headerRoom - 4
    const bracket: LineMark = {
      kind: 'line',
      points: [
        [from, y + 4],
        [from, y],
        [to, y],
        [to, y + 4]
      ],
      color: look.line,
      width: 1,
      opacity: 1
    }
    const name = textMark({ ...words, text: `kv ${group}`, x: (from + to) / 2, y: y - 7 })
    return [bracket, name]
  })
  return [...heads, ...brackets.flat()]
}
