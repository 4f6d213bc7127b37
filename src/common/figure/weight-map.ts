import { z } from 'zod'
import { numberText } from '../text/number-text.ts'
import { isolated } from '../text/token-text.ts'
import { barMarks, roomBelow, withWholeBar } from './bar-below.ts'
import { barGap, barHeight, barRoom, colorsShown, rangeRoom, type BarPlace } from './color-bar.ts'
import { colorTable } from './color-table.ts'
import type { MapFigureKind, MapPanel, Raster, Size } from './figure-kind.ts'
import { inkOn } from './ink-on.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type TextMark } from './mark.ts'
import { monoWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

/** Which numbers along a side are shown, from the first and before `to`, and how many of them are one cell. */
const Side = z.object({ from: z.int().min(0), to: z.int().min(1), each: z.int().min(1) })
export type Side = z.output<typeof Side>

/** Weights as they lie in a matrix, or a part of it. */
export const WeightMapData = z
  .object({
    title: z.string().nullable(),
    /** What the numbers are. */
    name: z.string(),
    rows: Side,
    columns: Side,
    /** What runs along the sides; rows and columns where it is left out. */
    names: z.object({ rows: z.string(), columns: z.string() }).exactOptional(),
    /** What a number along a side is called, from 0, in place of itself; of sides that are left out the numbers. */
    labels: z
      .object({
        rows: z.array(z.string()).readonly().exactOptional(),
        columns: z.array(z.string()).readonly().exactOptional()
      })
      .exactOptional(),
    /** Rows, and columns, that are set apart from the rest, from one on, and what they are. */
    flagged: z
      .object({
        name: z.string(),
        rows: z.int().min(0).exactOptional(),
        columns: z.int().min(0).exactOptional()
      })
      .exactOptional(),
    /** Columns run from right to left. */
    mirrored: z.boolean().exactOptional(),
    /** [cell down, cell across]; NaN for a cell that holds one. */
    values: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32')
  })
  .refine(
    ({ rows, columns, values }) =>
      Math.max(cellsAlong(rows), cellsAlong(columns)) <= mostCells &&
      values.length === cellsAlong(rows) * cellsAlong(columns),
    'expected a number of each cell'
  )
export type WeightMapData = z.output<typeof WeightMapData>

const margin = 8
/** Along a side: pixels are those of a square, as long as the longer side. */
const mostCells = 8192
/** Of a single number, in CSS pixels. */
export const largestNumber = 64
/** A map that would be this many times longer than wide, or wider than long, fills its room instead. */
const mostElongated = 3
/** Cells from this size on have their numbers written in them. */
const printed = { width: 48, height: 15 }
const natural = 480
/** Of so few along a side each has room for its number. */
const fewNumbers = 16
const leastBar = 130
/** Longer labels are cut, in CSS pixels. */
const longestLabel = 92
/** A map narrower than this has no colour bar beside it. */
const leastBeside = 120

/** Where the numbers stand, in CSS pixels. */
export interface WeightMapLayout {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** From a number to the next, down and across. */
  readonly row: number
  readonly column: number
  readonly hasBar: boolean
  /** Where a column begins, from its left side. */
  readonly xOf: (column: number, wide?: number) => number
}

/** How large numbers are in a room: square where the map fits it so, else as long and as wide as there is room. */
export function numberSize(
  rows: number,
  columns: number,
  room: Pick<Size, 'width' | 'height'>
): { readonly row: number; readonly column: number } {
  const row = Math.min(largestNumber, room.height / rows)
  const column = Math.min(largestNumber, room.width / columns)
  const [least, most] = [Math.min(row, column), Math.max(row, column)]
  return most > mostElongated * least ? { row, column } : { row: least, column: least }
}

/** The widest label of a side, cut where it is too long. */
function labelRoom(labels: readonly string[], look: Pick<Look, 'size'>): number {
  const widest = labels.reduce((most, text) => Math.max(most, monoWidth(text, look.size)), 0)
  return Math.ceil(Math.min(longestLabel, widest))
}

/** The room that is left for the numbers. */
export function weightMapRoom(
  { title, rows, labels }: Pick<WeightMapData, 'title' | 'rows' | 'labels'>,
  look: Pick<Look, 'size' | 'bar'>,
  size: Pick<Size, 'width' | 'height'>
) {
  const left = margin + 18 + labelRoom(labels?.rows ?? [String(rows.to)], look) + 8
  const upright = labels?.columns ? labelRoom(labels.columns, look) - look.size : 0
  const top = (title === null ? 0 : titleRoom) + 2 * (look.size + 6) + Math.max(0, upright)
  const hasBar = look.bar === undefined && size.width - left - barRoom(look) >= leastBeside
  return {
    ...{ left, top, hasBar },
    width: Math.max(40, size.width - left - (hasBar ? barRoom(look) : margin)),
    height: Math.max(40, size.height - top - margin)
  }
}

export function weightMapLayout(
  data: Pick<WeightMapData, 'title' | 'rows' | 'columns' | 'labels' | 'mirrored'>,
  look: Pick<Look, 'size' | 'bar'>,
  size: Pick<Size, 'width' | 'height'>
): WeightMapLayout {
  const { left, top, hasBar, ...room } = weightMapRoom(data, look, size)
  const [rows, columns] = [data.rows.to - data.rows.from, data.columns.to - data.columns.from]
  const { row, column } = numberSize(rows, columns, room)
  const width = columns * column
  return {
    ...{ left, top, hasBar, row, column, width, height: rows * row },
    xOf: (at, wide = 1) => {
      const from = (at - data.columns.from) * column
      return left + (data.mirrored ? width - from - wide * column : from)
    }
  }
}

/**
 * With its bar beside it, or what one takes below.
 * @param size its height is null for the one that goes with its width
 */
function placedMap(
  data: WeightMapData,
  look: Look,
  size: { readonly width: number; readonly height: number | null }
) {
  const { width: across } = size
  const room = weightMapRoom(data, look, { width: across, height: 0 })
  const { left, hasBar } = room
  const below = roomBelow(look, hasBar, data.name, { left, width: across })
  const own = weightMapLayout(data, look, weightMap.natural(data, look))
  const shaped = room.top + (own.height * room.width) / own.width + margin
  const down = size.height === null ? shaped : size.height - below
  const layout = weightMapLayout(data, look, { width: across, height: down })
  const { top, width, height } = layout
  const note = rangeRoom(look)
  const wanted = Math.min(240, height - note)
  const bar: BarPlace = {
    ...{ x: left + width + barGap, y: top },
    height: barHeight(
      look,
      data.name,
      look.still === true ? wanted : Math.max(leastBar, wanted),
      down - top - note
    )
  }
  return { ...layout, below, bar: hasBar ? bar : null }
}

/** Each number, or several as one, in a colour that diverges from zero. */
export const weightMap: MapFigureKind<WeightMapData> = {
  name: 'weight-map',
  data: WeightMapData,
  shows: ({ name }, look) => colorsShown(name, look),
  resizes: 'shape',

  natural(data, look) {
    const whole = weightMapRoom(data, look, { width: 1000, height: 1000 })
    const along = (side: Side) => {
      const count = side.to - side.from
      return count <= fewNumbers ? Math.max(natural, count * (printed.width + 2)) : natural
    }
    const beside = look.bar === undefined ? barRoom(look) : margin
    const room = {
      width: whole.left + along(data.columns) + beside,
      height: whole.top + along(data.rows) + margin
    }
    const { left, top, width, height } = weightMapLayout(data, look, room)
    return {
      width: Math.ceil(left + width + beside),
      height: Math.ceil(
        top + Math.max(look.bar === undefined ? leastBar + 20 : 0, height) + margin
      ),
      ratio: 1
    }
  },

  // Labels and the bar stay as large as they are in any width: what is left of it is the map's.
  high(data, look, width) {
    const placed = (look: Look) => placedMap(data, look, { width, height: null })
    const { top, height, below } = withWholeBar(look, data.name, placed)
    return Math.ceil(top + height + margin + below)
  },

  panel(data, look, size): MapPanel {
    const layout = withWholeBar(look, data.name, look => placedMap(data, look, size))
    const { left, top, width, height, bar } = layout
    const words = { font: look.sans, size: look.size, color: look.faint }
    const end = top + height + margin
    const below = { left, width: size.width, top: end }
    return {
      kind: 'map',
      ...size,
      height: Math.max(size.height, end + layout.below),
      paper: look.paper,
      rasters: [rasterOf(data, layout, look)],
      marks: [
        ...titleMarks(data.title, look, { x: margin, y: 14, room: size.width - 2 * margin }),
        textMark({
          ...words,
          text: data.mirrored
            ? `← ${data.names?.columns ?? 'column'}`
            : `${data.names?.columns ?? 'column'} →`,
          ...(data.mirrored ? { x: left + width, align: 'right' as const } : { x: left }),
          y: (data.title === null ? 0 : titleRoom) + look.size * 0.5 + 4
        }),
        textMark({
          ...words,
          text: `← ${data.names?.rows ?? 'row'}`,
          x: margin + 6,
          y: top,
          align: 'right',
          upright: true
        }),
        ...axisMarks(data, layout, look),
        ...numberMarks(data, layout, look),
        ...flagMarks(data, layout, look),
        {
          kind: 'rect',
          ...{ x: left - 0.5, y: top - 0.5, width: width + 1, height: height + 1 },
          ...{ fill: null, line: look.line }
        },
        ...barMarks(look, bar, 'difference', data.name, below)
      ]
    }
  }
}

/** How many cells a side has. */
export function cellsAlong({ from, to, each }: Side): number {
  return Math.ceil((to - from) / each)
}

/**
 * The pixels of the cells. What paints them knows square matrices of square cells: others are the upper left part of one, whose
 * rest is never seen, and are stretched to where they belong.
 */
function rasterOf(
  { name, rows, columns, names, labels, values, mirrored = false }: WeightMapData,
  { left, top, width, height }: WeightMapLayout,
  { paper, scale, range, pooling, empty }: Look
): Raster {
  const [down, across] = [cellsAlong(rows), cellsAlong(columns)]
  const size = Math.max(down, across)
  const square = new Float32Array(size * size)
  for (let row = 0; row < down; row++) {
    const own = values.subarray(row * across, (row + 1) * across)
    square.set(mirrored ? own.toReversed() : own, row * size)
  }
  const cell = Math.max(1, Math.floor(Math.min(width / across, height / down)))
  const stage = { size, width: across * cell, height: down * cell, ratio: 1 }
  return {
    ...{ left, top, width, height, empty },
    names: {
      value: name,
      rows: { name: names?.rows ?? 'row', span: rows, ...labelled(labels?.rows) },
      columns: {
        ...{ name: names?.columns ?? 'column', span: columns, ...labelled(labels?.columns) },
        reversed: mirrored
      }
    },
    scene: {
      ...{ values: square, tokens: size, visibility: null, firstHidden: false, pooling },
      ...{ view: { cell, row: 0, column: 0 }, stage, mirrored: false }
    },
    colors: { table: colorTable('difference', paper), scale, range }
  }
}

function labelled(labels: readonly string[] | undefined) {
  return labels && { labels: labels.map(label => ({ label })) }
}

/** A line where rows or columns that are set apart begin, a bar beside them, and above the map what they are. */
function flagMarks(
  { flagged, names, rows: own, columns: beside }: WeightMapData,
  { left, top, width, height, row, column }: WeightMapLayout,
  look: Look
): Mark[] {
  if (flagged === undefined) return []
  const color = look.accent
  const bar = { kind: 'rect', fill: color, line: null } as const
  const line = { kind: 'line', color, width: 1.5, opacity: 1 } as const
  const { rows, columns } = flagged
  const [down, across] = [((rows ?? 0) - own.from) * row, ((columns ?? 0) - beside.from) * column]
  const what = `${names?.rows ?? 'row'} ${rows ?? columns} on: ${flagged.name}`
  const y = top - 2 * (look.size + 6) + look.size * 0.5 + 4
  return [
    ...(rows === undefined
      ? []
      : [
          { ...bar, x: left - 4, y: top + down, width: 3, height: height - down },
          { ...line, points: [[left, top + down], [left + width, top + down]] } as const // prettier-ignore
        ]),
    ...(columns === undefined
      ? []
      : [
          { ...bar, x: left + across, y: top - 4, width: width - across, height: 3 },
          { ...line, points: [[left + across, top], [left + across, top + height]] } as const // prettier-ignore
        ]),
    textMark({
      ...{ font: look.sans, size: look.size, color, text: what, x: left + width, y },
      ...{ align: 'right', room: width - 90 }
    })
  ]
}

function axisMarks(
  { rows, columns, labels }: WeightMapData,
  { left, top, row, column, xOf }: WeightMapLayout,
  look: Look
): Mark[] {
  const words = { font: look.mono, size: look.size - 1, color: look.ink }
  const widest = monoWidth(String(columns.to), look.size) + 14
  const tick = (points: readonly (readonly [number, number])[]): Mark => ({
    ...{ kind: 'line', points, color: look.line, width: 1, opacity: 1 }
  })
  const [across, down] = [labels?.columns, labels?.rows]
  return [
    ...indicesAlong(columns, column, across ? look.size + 4 : widest).flatMap(at => {
      const x = xOf(at) + column / 2
      const place = across
        ? { text: isolated(across[at] ?? ''), y: top - 7, upright: true, room: longestLabel }
        : { text: String(at), y: top - 10, align: 'center' as const }
      return [textMark({ ...words, ...place, x }), tick([[x, top - 4], [x, top - 1]])] // prettier-ignore
    }),
    ...indicesAlong(rows, row, look.size + (down ? 3 : 9)).flatMap(at => {
      const y = top + (at - rows.from + 0.5) * row
      const text = down ? isolated(down[at] ?? '') : String(at)
      const place = { text, x: left - 7, y, align: 'right' as const }
      const room = down ? { room: longestLabel } : {}
      return [textMark({ ...words, ...place, ...room }), tick([[left - 4, y], [left - 1, y]])] // prettier-ignore
    })
  ]
}

/** Round indices of a side, so far from one another at least, in CSS pixels. */
export function indicesAlong({ from, to }: Side, each: number, room: number): number[] {
  const least = room / each
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)))
  const step = [1, 2, 5, 10].map(part => part * power).find(own => own >= least) ?? 10 * power
  const first = Math.ceil(from / step) * step
  const count = Math.max(0, Math.ceil((to - first) / step))
  return Array.from({ length: count }, (_, i) => first + i * step)
}

/** The numbers themselves, where there is room in the cells. */
function numberMarks(
  { rows, columns, values }: WeightMapData,
  { top, row, column, xOf }: WeightMapLayout,
  look: Look
): TextMark[] {
  const isSingle = rows.each === 1 && columns.each === 1
  if (!isSingle || column < printed.width || row < printed.height) return []
  const table = colorTable('difference', look.paper)
  const across = columns.to - columns.from
  return Array.from(values, (value, i) => {
    const [own, beside] = [Math.floor(i / across), i % across]
    return textMark({
      ...{ font: look.mono, size: look.size - 1, weight: 500, align: 'center' },
      text: numberText(value, 2),
      x: xOf(columns.from + beside) + column / 2,
      y: top + (own + 0.5) * row,
      color: Number.isNaN(value) ? look.faint : inkOn(value, table, look)
    })
  })
}
