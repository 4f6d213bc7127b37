import { z } from 'zod'
import { ShownToken } from '../model/token.ts'
import { spanOf } from '../data/span-of.ts'
import { isolated } from '../text/token-text.ts'
import { labelledCells } from './axis-labels.ts'
import { barMarks, roomBelow, withWholeBar } from './bar-below.ts'
import {
  barGap,
  barHeight,
  barRoom,
  colorsShown,
  type BarPlace,
  type BarWords
} from './color-bar.ts'
import { colorTable, coloringOf, cssColor } from './color-table.ts'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import { quantities } from './heat-map-pixels.ts'
import { inkOn } from './ink-on.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type RectMark } from './mark.ts'
import type { Plot } from './plot.ts'
import { legiblePoints } from './presets.ts'
import { rankShade, rankTicks } from './rank-scale.ts'
import { monoWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { axisLabels, type AxisLabel } from './token-labels.ts'
import { widestLabel } from './token-axis.ts'
import { pointsOfPixels } from './units.ts'
import { positionInRange } from './value-scale.ts'
import { lettersOf } from '../text/cut-short.ts'

const Values = z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32')

/** A token in each cell of rows over the tokens of a text, with a colour by a value. */
export const TokenGridData = z
  .object({
    title: z.string().nullable(),
    /** From top to bottom, and what they are. */
    rows: z.array(z.string()).readonly(),
    rowsName: z.string(),
    /** Over the columns, and the position of the first of them in its text. */
    tokens: z.array(ShownToken).readonly(),
    from: z.int().min(0),
    /** The token after each column, in a second line; null where there is none, and of all where none is known. */
    expected: z.array(ShownToken.nullable()).readonly().nullable(),
    /** [row, column] */
    cells: z.array(ShownToken).readonly(),
    /** [row, column]; NaN where nothing is defined. */
    values: Values,
    /** Whether each says what is expected: [row, column] */
    hits: z.custom<Uint8Array>(value => value instanceof Uint8Array, 'expected uint8'),
    /** What the colours stand for. */
    unit: z.string(),
    /** Of differences, and whatever else is above zero or below, zero has the paper's colour; weights where it is left out. */
    quantity: z.enum(quantities).optional(),
    /** Values are ranks among so many, from 0, the first the strongest; null of all else. */
    ranks: z.int().min(2).nullable(),
    /** How far it is scrolled, in CSS pixels; null where all of it is drawn. */
    scrolled: z.object({ left: z.number(), top: z.number() }).nullable(),
    /** Cells that are framed, the last one on top. */
    marked: z.array(z.object({ row: z.int().min(0), column: z.int().min(0) })).readonly(),
    /** Columns run from right to left. */
    mirrored: z.boolean()
  })
  .refine(
    ({ rows, tokens, expected, cells, values }) =>
      values.length <= mostCells &&
      values.length === rows.length * tokens.length &&
      cells.length <= values.length &&
      (expected === null || expected.length === tokens.length),
    'expected a value of each cell'
  )
export type TokenGridData = z.output<typeof TokenGridData>

/** A grid, but for what is marked and how far it is scrolled. */
export type GridContent = Omit<TokenGridData, 'title' | 'scrolled' | 'marked' | 'mirrored'>

/** Where the cells of a grid are, in CSS pixels. */
export interface GridLayout {
  readonly left: number
  readonly top: number
  readonly column: number
  readonly row: number
  /** Room for cells on the panel. */
  readonly width: number
  readonly height: number
  /** Of all cells. */
  readonly whole: { readonly width: number; readonly height: number }
  readonly hasBar: boolean
  /** What the cells need at least for a colour bar to stand beside them. */
  readonly beside: number
}

/** All of them are drawn in a file, a rectangle and a text each. */
const mostCells = 200_000

const lineHeight = 16
const margin = 10
/** Of the line of positions, over the text. */
const ruler = 12
const rowHeight = { least: 21, most: 40 }
const columnWidth = { least: 30, most: 92, stretched: 120 }
/** What the second line over the columns is. */
const nextName = 'next token'
/** Letters that a token keeps in a file, where all of it has no room. */
const leastLetters = 4
/** A grid that a colour bar would make narrower than this has none at its side: below it, where all of it is drawn. */
const leastBeside = 380

/** Between bands of tokens, which stand one below the other where a page is too narrow for all. */
const bandGap = 10
/** Ranks at a bar below the cells, at most. */
const ranksBelow = 5

/** A part of a text beside each other, layer over layer, such as what each layer would say. */
export const tokenGrid: MapFigureKind<TokenGridData> = {
  name: 'token-grid',
  data: TokenGridData,
  shows: ({ unit, ranks }, look) => colorsShown(unit, ranks === null ? look : undefined),
  resizes: 'width',

  natural(data, look) {
    const { left, top, whole } = gridLayout(data, look, { width: 0, height: 0 })
    return {
      width: Math.ceil(left + whole.width + (look.bar === undefined ? barRoom(look) : 0) + margin),
      height: Math.ceil(top + Math.max(whole.height, 110) + 2 * margin),
      ratio: 1
    }
  },

  least(data, look, page) {
    const layout = gridLayout(data, look, { width: 0, height: 0 })
    const column = leastColumn(data, look)
    const count = data.tokens.length
    const cells = column * count
    const bar = barRoom(look)
    const hasBar = look.bar === undefined && cells + margin >= layout.beside + bar
    const end = hasBar ? bar : margin
    const whole = Math.ceil(layout.left + cells + end)
    if (page === undefined || !isBanded(data, look, page.width)) return { width: whole, height: 0 }
    // Rather all tokens in one line than larger letters, while these are read.
    if (pointsOfPixels((numberSize(look) * page.width) / whole) >= legiblePoints)
      return { width: whole, height: 0 }
    // In as many bands as keep its letters as large as a page of this height lets them be.
    for (let each = columnsIn(data, look, page.width); each < count; each++) {
      const width = Math.max(page.width, Math.ceil(layout.left + each * column + margin))
      const high = bandsHeight(data, look, layout, Math.ceil(count / each), width)
      if (width < whole && (high * page.width) / width <= page.height) return { width, height: 0 }
    }
    return { width: whole, height: 0 }
  },

  lowest: (data, look) => tokenGrid.natural(data, look).height,

  panel(data, asked, size): MapPanel {
    const look = data.ranks === null ? asked : rankLook(asked)
    const { bands, bar, own } = withWholeBar(look, data.unit, look => placedGrid(data, look, size))
    const { layout } = bands.at(-1)!
    const coloring = coloringOf(data.quantity ?? 'weight', look)
    const end = layout.top + layout.whole.height
    const room = { left: layout.left, width: size.width }
    const all = asWhole(data, look)
    const below = roomBelow(all, bar !== null, data.unit, room, own)
    const plots = bands.flatMap(band =>
      isPlotted(band.data) ? [plotOf(band.data, look, band.layout)] : []
    )
    return {
      kind: 'map',
      ...size,
      ...(plots.length > 0 && { plots }),
      ...(below > 0 && { height: Math.max(size.height, end + below + margin) }),
      paper: look.paper,
      rasters: [],
      marks: [
        ...bands.flatMap(band => [
          ...cellMarks(band.data, look, band.layout),
          ...(data.scrolled === null ? [] : coverMarks(look, layout, size)),
          ...headMarks(band.data, look, band.layout),
          ...rowMarks(band.data, look, band.layout)
        ]),
        ...titleMarks(data.title, look, { x: margin, y: 14, room: size.width - 2 * margin }),
        ...barMarks(
          bar === null ? all : look,
          bar,
          coloring,
          data.unit,
          { ...room, top: end + margin / 2 },
          own
        )
      ]
    }
  }
}

/** A grid, or some of its columns, and where they stand. */
interface GridBand {
  readonly data: TokenGridData
  readonly layout: GridLayout
}

/** With its bar beside it, and what that says of ranks. */
function placedGrid(data: TokenGridData, look: Look, size: Size) {
  const bands = bandsOf(data, look, size)
  const { layout } = bands.at(-1)!
  const { left, top, whole, width, hasBar } = layout
  const most = size.height - top - 2 * margin
  const rows = Math.min(whole.height, most)
  const wanted = look.still === true ? rows : Math.max(90, rows)
  const own = rankWords(data, hasBar ? Math.max(2, Math.floor(wanted / 30)) : ranksBelow)
  const bar: BarPlace = {
    ...{ x: left + Math.min(whole.width, width) - 1 + barGap, y: top },
    height: barHeight(look, data.unit, wanted, most, own)
  }
  return { bands, own, bar: hasBar ? bar : null }
}

/** Where all of a grid is drawn, its bar lies below it as on a page where it has no room beside it. */
function asWhole({ scrolled }: TokenGridData, look: Look): Look {
  return scrolled === null ? { ...look, still: true } : look
}

/** A whole grid on a page that is too narrow for it in bands, from the first tokens to the last; else the grid as it is. */
function bandsOf(data: TokenGridData, look: Look, size: Size): GridBand[] {
  const layout = gridLayout(data, look, size)
  if (!isBanded(data, look, size.width)) return [{ data, layout }]
  const count = data.tokens.length
  const bands = Math.ceil(count / columnsIn(data, look, size.width))
  const each = Math.ceil(count / bands)
  const room = size.width - layout.left - margin
  const column = Math.min(columnWidth.stretched, Math.floor(room / each))
  const row = rowHeight.least
  const step = headHeight(data) + row * data.rows.length + bandGap
  return Array.from({ length: Math.ceil(count / each) }, (_, i): GridBand => {
    const [first, end] = [i * each, Math.min(count, (i + 1) * each)]
    const own = gridColumns(data, first, end)
    const marked = data.marked
      .filter(cell => cell.column >= first && cell.column < end)
      .map(cell => ({ ...cell, column: cell.column - first }))
    const whole = { width: column * (end - first), height: row * data.rows.length }
    return {
      data: { ...data, ...own, marked },
      layout: {
        ...layout,
        top: layout.top + i * step,
        column,
        row,
        whole,
        width: room,
        hasBar: false
      }
    }
  })
}

/** Of the letters of positions over the text, its smallest. */
function numberSize({ size }: Pick<Look, 'size'>): number {
  return size - 1.5
}

/** Whether it has more columns than a page of a width has room for. */
function isBanded(data: TokenGridData, look: Look, width: number): boolean {
  if (look.still !== true || data.scrolled !== null) return false
  return columnsIn(data, look, width) < data.tokens.length
}

/** How many columns a width has room for, at least one. */
function columnsIn(data: TokenGridData, look: Look, width: number): number {
  const { left } = gridLayout(data, look, { width: 0, height: 0 })
  return Math.max(1, Math.floor((width - left - margin) / leastColumn(data, look)))
}

/** What stands over the cells of a band. */
function headHeight({ expected }: Pick<TokenGridData, 'expected'>): number {
  return ruler + (expected === null ? 1 : 3) * lineHeight + 4
}

function bandsHeight(
  data: Pick<TokenGridData, 'rows' | 'expected' | 'unit'>,
  look: Look,
  { left, top }: GridLayout,
  bands: number,
  width: number
): number {
  const cells = rowHeight.least * data.rows.length
  const others = (bands - 1) * (bandGap + headHeight(data) + cells)
  return top + cells + others + roomBelow(look, false, data.unit, { left, width }) + margin
}

/** Some of the columns. */
export function gridColumns(grid: GridContent, first: number, end: number): GridContent {
  const width = grid.tokens.length
  const rows = grid.rows.map((_, row) => [row * width + first, row * width + end] as const)
  const count = end - first
  const values = new Float32Array(rows.length * count)
  const hits = new Uint8Array(rows.length * count)
  for (const [row, [from, to]] of rows.entries()) {
    values.set(grid.values.subarray(from, to), row * count)
    hits.set(grid.hits.subarray(from, to), row * count)
  }
  return {
    ...grid,
    values,
    hits,
    tokens: grid.tokens.slice(first, end),
    from: grid.from + first,
    expected: grid.expected?.slice(first, end) ?? null,
    cells: rows.flatMap(([from, to]) => grid.cells.slice(from, to))
  }
}

/**
 * @param data that is scrolled, unless it says that all of it is drawn
 * @param size the room there is; columns are wider, and rows higher, where there is more than they need, and columns of what
 * is not scrolled are narrower where there is less
 */
export function gridLayout(
  data: Pick<TokenGridData, 'title' | 'rows' | 'rowsName' | 'tokens' | 'cells' | 'expected'> &
    Partial<Pick<TokenGridData, 'scrolled'>>,
  look: Pick<Look, 'size' | 'bar'>,
  { width, height }: Pick<Size, 'width' | 'height'>
): GridLayout {
  const { rows, tokens, expected, title } = data
  const letters = (text: string) => monoWidth(text, look.size)
  const left =
    margin +
    Math.max(
      letters(data.rowsName) * 0.9,
      expected === null ? 0 : letters(nextName) * 0.9,
      spanOf(rows.map(name => letters(name) + 6)).high
    ) +
    8
  // The names of rows stand below what is written over columns, and not beside it: they would name that.
  const top = (title === null ? 4 : titleRoom) + headHeight({ expected })
  const count = Math.max(1, tokens.length)
  const isWhole = data.scrolled === null
  const least = isWhole && width > 0 ? leastColumn(data, look) : naturalColumn(data, look)
  const beside = Math.max(leastBeside, isWhole ? leastColumn(data, look) * count : 0)
  const bar = barRoom(look)
  const hasBar = look.bar === undefined && (width === 0 || width - left - bar >= beside)
  const room = width - left - (hasBar ? bar : margin)
  const stretched = Math.min(columnWidth.stretched, Math.floor(room / count))
  const column = Math.max(least, stretched)
  const down = Math.floor((height - top - 2 * margin) / Math.max(1, rows.length))
  const row = Math.min(rowHeight.most, Math.max(rowHeight.least, down))
  return {
    ...{ left, top, column, row, hasBar, beside },
    width: Math.max(0, room),
    height: Math.max(0, height - top - margin),
    whole: { width: column * tokens.length, height: row * rows.length }
  }
}

/** Of a column with all that its cells say, where that is not too long. */
function naturalColumn(
  { tokens, cells }: Pick<TokenGridData, 'tokens' | 'cells'>,
  { size }: Pick<Look, 'size'>
): number {
  const widest = Math.max(
    widestLabel(axisLabels(tokens), size),
    widestLabel(axisLabels(cells), size)
  )
  return Math.min(columnWidth.most, Math.max(columnWidth.least, Math.ceil(widest + 10)))
}

/** Of a column whose tokens are cut short; numbers are not, for one without its end is another. */
function leastColumn(
  data: Pick<TokenGridData, 'tokens' | 'cells'>,
  { size }: Pick<Look, 'size'>
): number {
  const [tokens, cells] = [axisLabels(data.tokens), axisLabels(data.cells)]
  const numbers = cells.filter(({ text }) => /^[−-]?[\d.,]+$/.test(text))
  const words = Math.max(widestLabel(tokens, size), widestLabel(cells, size))
  const cut = Math.min(words, monoWidth('x', size) * leastLetters)
  const least = Math.ceil(Math.max(cut, widestLabel(numbers, size)) + 6)
  return Math.min(naturalColumn(data, { size }), least)
}

/** The cell at a place of a panel; null where there is none. */
export function gridCellAt(
  { rows, tokens, scrolled, mirrored }: Omit<TokenGridData, 'marked'>,
  { left, top, column, row, width, height }: GridLayout,
  at: { readonly x: number; readonly y: number }
): { readonly row: number; readonly column: number } | null {
  const [x, y] = [at.x - left, at.y - top]
  if (x < 0 || y < 0 || x >= width || y >= height) return null
  const across = Math.floor((x + (scrolled?.left ?? 0)) / column)
  const down = Math.floor((y + (scrolled?.top ?? 0)) / row)
  if (across >= tokens.length || down >= rows.length) return null
  return { row: down, column: mirrored ? tokens.length - 1 - across : across }
}

/** Of the axis of columns or rows the first that is seen and the one after the last. */
function seen(count: number, size: number, from: number, room: number) {
  const first = Math.max(0, Math.floor(from / size))
  return { first, end: Math.min(count, Math.ceil((from + room) / size)) }
}

function visible(data: TokenGridData, { column, row, width, height }: GridLayout) {
  const { scrolled, tokens, rows } = data
  if (scrolled === null)
    return { across: { first: 0, end: tokens.length }, down: { first: 0, end: rows.length } }
  return {
    across: seen(tokens.length, column, scrolled.left, width),
    down: seen(rows.length, row, scrolled.top, height)
  }
}

function placeOf({ scrolled }: TokenGridData, { left, top, column, row }: GridLayout) {
  return {
    x: (across: number) => left + across * column - (scrolled?.left ?? 0),
    y: (down: number) => top + down * row - (scrolled?.top ?? 0)
  }
}

function cellMarks(data: TokenGridData, look: Look, layout: GridLayout): Mark[] {
  const { rows, rowsName, tokens, cells, values, unit, hits, mirrored } = data
  const labels = axisLabels(cells)
  const { column, row } = layout
  const { across, down } = visible(data, layout)
  const { x, y } = placeOf(data, layout)
  const coloring = coloringOf(data.quantity ?? 'weight', look)
  const table = colorTable(coloring, look.paper)
  const plain = { scale: 'linear', range: { low: 0, high: 1 } } as const
  const marks: Mark[] = []
  for (let r = down.first; r < down.end; r++)
    for (let at = across.first; at < across.end; at++) {
      const token = mirrored ? tokens.length - 1 - at : at
      const cell = r * tokens.length + token
      const share = shadeOf(data, look, values[cell]!)
      const fill = share === null ? look.empty : cssColor(coloring, share, look.paper)
      marks.push({
        kind: 'rect',
        x: x(at) + 0.5,
        y: y(r) + 0.5,
        width: column - 1,
        height: row - 1,
        fill,
        line: null,
        ...(isPlotted(data) && { plotted: true }),
        tip: [
          ...[rowsName === '' ? rows[r]! : `${rowsName} ${rows[r]!}`, `\n${data.from + token} `],
          ...[tokens[token]!, '\n', ...(cells[cell] ? [cells[cell], '\n'] : [])],
          ...[`${unit}: `, values[cell] ?? NaN]
        ]
      })
      const label = labels[cell]
      if (label === undefined) continue
      marks.push(
        textMark({
          text: isolated(fitting(label, column - 6, look)),
          x: x(at) + column / 2,
          y: y(r) + row / 2,
          align: 'center',
          font: look.mono,
          size: look.size,
          weight: hits[cell] === 1 ? 700 : 400,
          color: share === null ? look.ink : inkOn(share, table, plain)
        })
      )
    }
  for (const { row: r, column: c } of data.marked) {
    const at = mirrored ? tokens.length - 1 - c : c
    marks.push(...frame({ x: x(at), y: y(r), width: column, height: row }, look))
  }
  return marks
}

/** PGFPlots does not know how large cells are where there are none beside or below them; what is scrolled is on the screen alone. */
function isPlotted({ rows, tokens, scrolled }: TokenGridData): boolean {
  return rows.length > 1 && tokens.length > 1 && scrolled === null
}

/** The values as they are plotted, tokens and rows from 0; what is written beside and in them stands over them. */
function plotOf(data: TokenGridData, look: Look, { left, top, column, row }: GridLayout): Plot {
  const { rows, tokens, values, mirrored } = data
  const [first, last] = [-0.5, tokens.length - 0.5]
  const axis = {
    ...{ isLog: false, ticks: [], away: 0, tickLength: 0, line: null, grid: null, name: null }
  }
  return {
    ...{ left, top, width: tokens.length * column, height: rows.length * row },
    words: { font: look.sans, size: look.size, color: look.ink },
    x: { ...axis, ...(mirrored ? { from: last, to: first } : { from: first, to: last }) },
    y: { ...axis, from: rows.length - 0.5, to: -0.5 },
    series: [],
    cells: {
      ...{ columns: tokens.length, values, empty: look.empty },
      shares: Array.from(values, value => shadeOf(data, look, value) ?? NaN),
      table: colorTable(coloringOf(data.quantity ?? 'weight', look), look.paper),
      edge: { color: look.paper, width: 1 }
    }
  }
}

/** How far along the colours a value is; null where there is none. */
function shadeOf({ ranks }: TokenGridData, look: Look, value: number): number | null {
  if (Number.isNaN(value)) return null
  if (ranks === null) return positionInRange(look.scale, look.range, value)
  return rankShade(value, ranks)
}

function fitting({ text }: AxisLabel, room: number, { size }: Look): string {
  if (monoWidth(text, size) <= room) return text
  const letters = lettersOf(text)
  const most = Math.max(1, Math.floor(room / monoWidth('x', size)) - 1)
  return `${letters.slice(0, most).join('')}…`
}

function frame(
  { x, y, width, height }: Pick<RectMark, 'x' | 'y' | 'width' | 'height'>,
  { accent, paper }: Look
): RectMark[] {
  const rect = { kind: 'rect', fill: null } as const
  return [
    { ...rect, x, y, width, height, line: accent },
    { ...rect, x: x + 1, y: y + 1, width: width - 2, height: height - 2, line: accent },
    { ...rect, x: x + 2, y: y + 2, width: width - 4, height: height - 4, line: paper }
  ]
}

/** Hides what is scrolled under labels and bar. */
function coverMarks({ paper }: Look, { left, top, width }: GridLayout, size: Size): RectMark[] {
  const rect = { kind: 'rect', fill: paper, line: null } as const
  return [
    { ...rect, x: 0, y: 0, width: size.width, height: top },
    { ...rect, x: 0, y: 0, width: left, height: size.height },
    { ...rect, x: left + width, y: 0, width: size.width - left - width, height: size.height }
  ]
}

/** The text over the columns, and below it what each is to say. */
function headMarks(data: TokenGridData, look: Look, layout: GridLayout): Mark[] {
  const { tokens, expected, mirrored, marked, rowsName } = data
  const { left, top, column, width } = layout
  const { across } = visible(data, layout)
  const { x } = placeOf(data, layout)
  const above = top - headHeight(data) + ruler / 2
  const first = above + ruler / 2 + lineHeight / 2
  const chosen = marked[0]?.column
  const corner = { x: left - 8, align: 'right', font: look.sans, size: look.size } as const
  const names = expected === null ? [rowsName] : ['text', nextName, rowsName]
  const marks: Mark[] = names.map((text, line) =>
    textMark({ ...corner, text, y: first + line * lineHeight, color: look.faint })
  )
  const numbered = new Set(labelledCells(0, tokens.length - 1, column, 34))
  const own = axisLabels(tokens)
  const next = expected?.map(token => (token === null ? null : axisLabels([token])[0]!))
  for (let at = across.first; at < across.end; at++) {
    const token = mirrored ? tokens.length - 1 - at : at
    const middle = x(at) + column / 2
    // Half a label over the names of rows says nothing.
    if (middle < left || (data.scrolled !== null && middle > left + width)) continue
    const words = { x: middle, align: 'center', font: look.mono, size: look.size } as const
    if (numbered.has(token) && tokens.length > 1)
      marks.push(
        textMark({
          ...words,
          text: String(data.from + token),
          y: above,
          font: look.sans,
          size: numberSize(look),
          color: look.faint
        })
      )
    const label = own[token]!
    const color = label.special ? look.accent : label.faint ? look.faint : look.ink
    marks.push(
      textMark({
        ...words,
        text: isolated(fitting(label, column - 4, look)),
        y: first,
        color: token === chosen ? look.accent : color,
        weight: token === chosen ? 700 : 400
      })
    )
    const after = next?.[token]
    if (after)
      marks.push(
        textMark({
          ...words,
          text: isolated(fitting(after, column - 4, look)),
          y: first + lineHeight,
          color: look.faint
        })
      )
  }
  return marks
}

function rowMarks(data: TokenGridData, look: Look, layout: GridLayout): Mark[] {
  const { down } = visible(data, layout)
  const { y } = placeOf(data, layout)
  const chosen = data.marked[0]?.row
  return data.rows.slice(down.first, down.end).flatMap((name, i) => {
    const row = down.first + i
    const middle = y(row) + layout.row / 2
    if (middle < layout.top) return []
    return [
      textMark({
        text: name,
        x: layout.left - 8,
        y: middle,
        align: 'right',
        font: look.sans,
        size: look.size,
        color: row === chosen ? look.accent : look.ink,
        weight: row === chosen ? 700 : 400
      })
    ]
  })
}

/** What a bar of ranks says; nothing of its own of other values. */
function rankWords({ ranks }: TokenGridData, most: number): BarWords | undefined {
  return ranks === null ? undefined : { ticks: rankTicks(ranks, most), note: 'logarithmic' }
}

/** Ranks are of the vocabulary of each: each grid of them has its bar. */
function rankLook(look: Look): Look {
  const { bar, ...others } = look
  return { ...(bar === undefined ? look : others), scale: 'linear', follows: false }
}
