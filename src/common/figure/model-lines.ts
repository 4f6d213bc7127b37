import { z } from 'zod'
import { lineColor, lineOpacity } from './attention-lines.ts'
import { mostHeadsOfLayer } from './data-limits.ts'
import type { FigureKind, MapPanel } from './figure-kind.ts'
import { linesShown, quantities, type Quantity } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import { textMark, type LineMark, type Mark, type TextMark } from './mark.ts'
import { monoWidth } from './text-width.ts'
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
const gap = 8
const groupGap = 8
/** Within a cell, around its lines. */
const inset = 4

/** All layers and heads, each as lines between two columns of tokens. */
export const modelLines: FigureKind<ModelLinesData> = {
  name: 'model-lines',
  data: ModelLinesData,
  shows: ({ quantity, note }) => [linesShown(quantity), note].filter(Boolean).join('; '),
  resizes: 'none',

  natural(data, look) {
    const side = sideOf(data)
    const width = labelRoom + columnLeft(data.heads - 1, data) + side + 2 * margin
    const height = above(data) + layersOf(data).length * (side + gap) + 2 * margin
    // The note says what is left out: it stands whole.
    const told = Math.ceil(monoWidth(data.note, look.size)) + 2 * margin
    return { width: Math.max(told, width), height, ratio: 1 }
  },

  panel(data, look, size): MapPanel {
    const { title, note, cells } = data
    const layers = layersOf(data)
    const side = sideOf(data)
    const left = margin + labelRoom
    const top = margin + above(data)
    const words = { font: look.sans, size: look.size, color: look.faint }
    const room = size.width - 2 * margin
    const y = (layer: number) => top + layers.indexOf(layer) * (side + gap)
    return {
      kind: 'map',
      ...size,
      paper: look.paper,
      rasters: [],
      marks: [
        ...titleMarks(title, look, { x: margin, y: titleRoom - 10, room }),
        textMark({
          ...words,
          text: note,
          x: margin,
          y: (title === null ? 0 : titleRoom) + noteRoom / 2,
          room
        }),
        ...headerMarks(data, look, left, top),
        ...layers.map(layer =>
          textMark({
            ...words,
            text: layer === layers[0] ? `layer ${layer}` : String(layer),
            x: left - 8,
            y: y(layer) + side / 2,
            align: 'right'
          })
        ),
        ...cells.flatMap((cell): Mark[] => {
          const at = { x: left + columnLeft(cell.head, data), y: y(cell.layer) }
          const frame = { kind: 'rect', ...at, width: side, height: side } as const
          return [
            { ...frame, fill: null, line: look.line },
            ...smallLineMarks(cell, { ...at, width: side, height: side }, data, look)
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

function above({ title, group }: ModelLinesData): number {
  return (title === null ? 0 : titleRoom) + noteRoom + headerRoom + (group > 1 ? bracketRoom : 0)
}

/** Of a square: of few heads larger ones. */
function sideOf({ heads }: Pick<ModelLinesData, 'heads'>): number {
  return Math.max(56, Math.min(140, Math.floor(1000 / heads) - gap))
}

/** Where a head's column begins, from that of the first. */
function columnLeft(head: number, data: Pick<ModelLinesData, 'heads' | 'group'>): number {
  const groupsBefore = data.group > 1 ? Math.floor(head / data.group) : 0
  return head * (sideOf(data) + gap) + groupsBefore * groupGap
}

function headerMarks(data: ModelLinesData, look: Look, left: number, top: number): Mark[] {
  const words = { font: look.sans, size: look.size, color: look.faint, align: 'center' } as const
  const side = sideOf(data)
  const heads = Array.from({ length: data.heads }, (_, head): TextMark =>
    textMark({
      ...words,
      text: head === 0 ? 'head 0' : String(head),
      x: left + columnLeft(head, data) + side / 2,
      y: top - headerRoom / 2
    })
  )
  if (data.group === 1) return heads
  const brackets = Array.from({ length: Math.ceil(data.heads / data.group) }, (_, group) => {
    const from = left + columnLeft(group * data.group, data)
    const to = left + columnLeft((group + 1) * data.group - 1, data) + side
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
