import { z } from 'zod'
import { ShownToken } from '../model/token.ts'
import { isolated } from '../text/token-text.ts'
import { labelledCells } from './axis-labels.ts'
import { tickText } from './color-bar.ts'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import {
  spotMark,
  textMark,
  type LineMark,
  type Mark,
  type RectMark,
  type TextMark
} from './mark.ts'
import { niceAxis, roundValues } from './nice-axis.ts'
import { plotted, type Plot, type PlotSeries } from './plot.ts'
import { rankShade } from './rank-scale.ts'
import { signedColor } from './signed-color.ts'
import { linesInRoom, textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { widestLabel } from './token-axis.ts'
import { axisLabels } from './token-labels.ts'

/** A bar for each token of a text. */
export const TokenBarsData = z
  .object({
    title: z.string().nullable(),
    tokens: z.array(ShownToken).readonly(),
    /** [token]; NaN where nothing is defined. */
    values: z.custom<ArrayLike<number>>(
      value => value instanceof Float32Array || value instanceof Float64Array,
      'expected floats'
    ),
    /** What they are. */
    unit: z.string(),
    /** The highest value that there is room for. */
    high: z.number().positive(),
    /** How far below 0 there is room: of amounts of either sign. */
    low: z.number().max(0).default(0),
    /** Values are ranks among so many, from 0, drawn by their logarithm; null of all else. */
    ranks: z.int().min(2).nullable(),
    /** How far it is scrolled, in CSS pixels; null where all of it is drawn. */
    scrolled: z.number().nullable(),
    /** Tokens that are marked, the one that is selected first. */
    marked: z.array(z.int().min(0)).readonly(),
    /** Tokens run from right to left. */
    mirrored: z.boolean()
  })
  .refine(({ tokens, values }) => values.length === tokens.length, 'expected a value of each token')
export type TokenBarsData = z.output<typeof TokenBarsData>

const margin = 10
const tickRoom = 40
/** Values at the axis stand about so far apart, in pixels. */
const ticksApart = 28
const labelRoom = 18
/** How far below the bars the middle of a label is. */
const labelBelow = 9
/** Above the highest bar, with a line of what bars are; each line more takes as much again as it is high. */
const above = 16
const lineGap = 4
/** A panel is so wide that this much of what its bars are stands in a line. */
const mostNamed = 220
/** What a number needs from the middle of one to that of the next. */
const numberRoom = 24
/** Columns are as wide as their labels where there is room for that; on a page, where none is pointed at, narrower where there is less. */
const column = { least: 8, leastOnPage: 2.5, most: 26, labelled: 72 }
const highest = 84
/** On a page bars are as high as this share of the width that they have, where that is more. */
const shareOfWidth = 0.3

/** Where bars are, in CSS pixels. */
export interface BarsLayout {
  readonly left: number
  readonly top: number
  /** What the bars are, in lines above them. */
  readonly named: readonly string[]
  readonly column: number
  readonly height: number
  /** Room for bars on the panel, and of all of them. */
  readonly width: number
  readonly whole: number
  /** Of all that there is to draw. */
  readonly bottom: number
}

/** Bars over the tokens of a text, such as how surprising each is. */
export const tokenBars: MapFigureKind<TokenBarsData> = {
  name: 'token-bars',
  data: TokenBarsData,
  shows: ({ unit }) => `Bars: ${unit}`,
  resizes: 'width',

  natural(data, look) {
    const { left, whole } = barsLayout(data, look, { width: 0 })
    const name = Math.min(mostNamed, nameWidth(nameOf(data), look))
    const width = Math.ceil(left + Math.max(whole, name) + margin)
    return { width, height: barsLayout(data, look, { width }).bottom, ratio: 1 }
  },

  least: ({ tokens }, look) => ({
    width: margin + tickRoom + leastColumn(look) * tokens.length + margin,
    height: 0
  }),

  panel(data, look, size): MapPanel {
    const layout = barsLayout(data, look, size)
    return {
      kind: 'map',
      ...size,
      height: Math.max(size.height, layout.bottom),
      paper: look.paper,
      rasters: [],
      plots: plotsOf(data, look, layout),
      marks: [
        ...titleMarks(data.title, look, { x: margin, y: 14, room: size.width - 2 * margin }),
        ...pillMarks(data, look, layout),
        ...axisMarks(data, look, layout),
        ...barMarks(data, look, layout)
      ]
    }
  }
}

/** @param size the room there is; columns are wider where there is more than they need */
export function barsLayout(
  data: Pick<TokenBarsData, 'title' | 'tokens' | 'unit' | 'ranks'>,
  look: Pick<Look, 'size' | 'sans' | 'still'>,
  { width }: Pick<Size, 'width'>
): BarsLayout {
  const { title, tokens } = data
  const { size } = look
  const left = margin + tickRoom
  const room = width - left - margin
  const labels = widestLabel(axisLabels(tokens), size) + 4
  const onPage = look.still === true
  const natural = width === 0 && labels <= column.most ? labels : leastColumn(look)
  const most = Math.max(column.most, Math.min(column.labelled, labels))
  const share = room / Math.max(1, tokens.length)
  const stretched = onPage ? share : Math.floor(share)
  const own = Math.max(natural, Math.min(most, stretched))
  const name = nameOf(data)
  const named = room > 0 ? linesInRoom(name, room, line => nameWidth(line, look)) : [name]
  const more = (named.length - 1) * (size + lineGap)
  const top = (title === null ? 0 : titleRoom) + above + more
  const whole = own * tokens.length
  const height = onPage ? Math.max(highest, shareOfWidth * Math.min(room, whole)) : highest
  return {
    left,
    top,
    named,
    column: own,
    height,
    width: Math.max(0, room),
    whole,
    bottom: top + height + labelRoom + (onPage ? size + lineGap : 0)
  }
}

function leastColumn({ still }: Pick<Look, 'still'>): number {
  return still === true ? column.leastOnPage : column.least
}

/** What the bars are. */
function nameOf({ unit, ranks }: Pick<TokenBarsData, 'unit' | 'ranks'>): string {
  return ranks === null ? unit : `${unit}, logarithmic`
}

function nameWidth(name: string, { sans, size }: Pick<Look, 'size' | 'sans'>): number {
  return textWidth(name, { font: sans, size })
}

/** The token at a place of a panel; null where there is none. */
export function tokenAtBar(
  data: Pick<TokenBarsData, 'tokens' | 'scrolled' | 'mirrored'>,
  layout: BarsLayout,
  x: number
): number | null {
  const { tokens, scrolled, mirrored } = data
  const { left, column: own, width } = layout
  if (x < left || x >= left + width) return null
  const at = Math.floor((x - firstColumn(data, layout) + (scrolled ?? 0)) / own)
  if (at < 0 || at >= tokens.length) return null
  return mirrored ? tokens.length - 1 - at : at
}

/** Where columns begin: where there is room for more of them, those from right to left end at the right, as their text does. */
function firstColumn(
  { mirrored }: Pick<TokenBarsData, 'mirrored'>,
  { left, width, whole }: BarsLayout
): number {
  return left + (mirrored ? Math.max(0, width - whole) : 0)
}

/** How high a value stands: 0 to 1. */
function share({ low, high, ranks }: TokenBarsData, value: number): number {
  if (ranks !== null) return 1 - rankShade(value, ranks)
  return Math.max(0, Math.min(1, (value - low) / (high - low)))
}

/** The columns that are seen, each with where it begins. */
function shownColumns(
  data: TokenBarsData,
  layout: BarsLayout
): { readonly token: number; readonly x: number }[] {
  const { tokens, scrolled, mirrored } = data
  const { left, column: own, width } = layout
  const start = firstColumn(data, layout)
  const from = scrolled ?? 0
  const first = Math.max(0, Math.floor(from / own))
  const end =
    scrolled === null ? tokens.length : Math.min(tokens.length, Math.ceil((from + width) / own))
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => ({
    token: mirrored ? tokens.length - 1 - first - i : first + i,
    x: start + (first + i) * own - from
  })).filter(({ x }) => scrolled === null || (x >= left - 0.5 && x + own <= left + width + 0.5))
}

/** Behind the bars of tokens that are marked, and the lines of the axis. */
function pillMarks(data: TokenBarsData, { pill: fill }: Look, layout: BarsLayout): RectMark[] {
  const { top: y, column, height } = layout
  return shownColumns(data, layout).flatMap(({ token, x }) =>
    data.marked.includes(token)
      ? [{ kind: 'rect', x: x + 0.5, y, width: column - 1, height, fill, line: null }]
      : []
  )
}

function barMarks(data: TokenBarsData, look: Look, layout: BarsLayout): Mark[] {
  const { tokens, values, unit, marked } = data
  const { top, column: own, height } = layout
  const { words, labels } = columnLabels(data, look, layout)
  const texts = new Map(labels.map(({ token, text, color }) => [token, { text, color }]))
  const marks: Mark[] = []
  for (const { token, x } of shownColumns(data, layout)) {
    const isMarked = marked.includes(token)
    const rect = { kind: 'rect', x: x + 0.5, width: own - 1, line: null } as const
    const value = values[token]!
    // Of amounts of either sign nothing stands where there is none.
    if (!Number.isNaN(value) && (data.low === 0 || value !== 0)) {
      const [from, to] = [share(data, 0), share(data, value)]
      const high = Math.max(1, Math.abs(to - from) * height)
      const fill = isMarked ? look.accent : barColor(value, data, look)
      const y = top + (1 - from) * height - (value < 0 ? 0 : high)
      marks.push({ ...rect, y, height: high, fill, plotted: true } satisfies RectMark)
    }
    marks.push(
      spotMark({ x, y: top, width: own, height: height + labelRoom }, [
        ...[`${token} `, tokens[token]!, `\n${unit}: `, values[token] ?? NaN]
      ])
    )
    const label = texts.get(token)
    if (label !== undefined) {
      const place = { x: x + own / 2, y: top + height + labelBelow } as const
      marks.push({ ...textMark({ ...words, ...label, ...place, align: 'center' }), plotted: true })
    }
  }
  return marks
}

/** What stands below columns: their tokens where there is room for them, else the numbers of some. */
function columnLabels(data: TokenBarsData, look: Look, layout: BarsLayout) {
  const { tokens, marked } = data
  const { column: own } = layout
  const labels = axisLabels(tokens)
  const fits = widestLabel(labels, look.size) + 2 <= own
  // The number of the selected token stands for itself, and no other beside it.
  const numbered = new Set(
    fits
      ? []
      : labelledCells(0, tokens.length - 1, own, 40).filter(
          token => !(Math.abs(token - (marked[0] ?? NaN)) * own < numberRoom)
        )
  )
  return {
    fits,
    words: fits ? { font: look.mono, size: look.size } : { font: look.sans, size: look.size - 1 },
    labels: shownColumns(data, layout).flatMap(({ token }) => {
      if (!fits && !numbered.has(token) && token !== marked[0]) return []
      const { text, faint } = labels[token]!
      // A space is fainter than letters are; its number is one like others.
      const color = marked.includes(token) ? look.accent : fits && faint ? look.faint : look.ink
      return [{ token, text: fits ? isolated(text) : String(token), color }]
    })
  }
}

/** What stands below columns, named for a reader of a page, below it. */
function columnsName(data: TokenBarsData, look: Look, layout: BarsLayout): TextMark {
  const { fits } = columnLabels(data, look, layout)
  return textMark({
    ...{ text: fits ? 'token' : 'position', font: look.sans, size: look.size },
    ...{ x: layout.left, y: layout.bottom - look.size / 2, color: look.faint }
  })
}

/** Values as they are plotted, tokens from 0; a rank by one more, for its logarithm. */
function plotsOf(data: TokenBarsData, look: Look, layout: BarsLayout): Plot[] {
  const { tokens, values, marked, low, high, ranks, mirrored, scrolled, unit } = data
  const { left, top, column: own, height } = layout
  const shown = shownColumns(data, layout).map(({ token }) => token)
  if (shown.length === 0) return []
  const end = axisEnd(data, layout)
  const columnAt = (x: number) => (x - firstColumn(data, layout) + (scrolled ?? 0)) / own - 0.5
  const tokenAt = (x: number) => (mirrored ? tokens.length - 1 - columnAt(x) : columnAt(x))
  const placed = (value: number) => (ranks === null ? value : value + 1)
  const colorOf = (token: number) =>
    marked.includes(token) ? look.accent : barColor(values[token]!, data, look)
  const there = shown.filter(
    token => !Number.isNaN(values[token]) && (low === 0 || values[token] !== 0)
  )
  const { words, labels } = columnLabels(data, look, layout)
  return [
    {
      ...{ left, top, width: end - left, height, words: { ...words, color: look.faint } },
      x: {
        ...{ from: tokenAt(left), to: tokenAt(end), isLog: false },
        ticks: labels.map(({ token: at, text, color }) => ({ at, text, color })),
        ...{ away: labelBelow, tickLength: 0, line: null, grid: null, name: null }
      },
      y: {
        ...(ranks === null ? { from: low, to: high, isLog: false } : { from: 1, to: ranks, isLog: true }), // prettier-ignore
        ticks: shownTicks(data, look, layout).map(at => ({ at: placed(at), text: tickText(at) })),
        ...{ away: 5, tickLength: 0, line: null, grid: { color: look.line, opacity: 0.5 } },
        ...{ words: { font: look.sans, size: look.size, color: look.faint }, name: null }
      },
      series: [
        {
          ...{ name: null, shape: 'line', x: [tokenAt(left), tokenAt(end)] },
          ...{ y: [placed(0), placed(0)], color: look.line, size: 1 }
        },
        ...[...new Set(there.map(colorOf))].map((color): PlotSeries => {
          const x = there.filter(token => colorOf(token) === color)
          const y = x.map(token => placed(values[token]!))
          const name = ranks === null ? unit : `${unit}, each one more`
          return { name, shape: 'bars', x, y, color, size: own - 1 }
        })
      ]
    }
  ]
}

/** The colour of a bar that is not marked. */
function barColor(value: number, { low }: Pick<TokenBarsData, 'low'>, look: Look): string {
  return low < 0 ? signedColor(value, look) : look.series[0]!
}

/** Where the lines of the axis end. */
function axisEnd(data: TokenBarsData, layout: BarsLayout): number {
  const { width, whole } = layout
  return firstColumn(data, layout) + (data.scrolled === null ? whole : Math.min(width, whole))
}

/** Round values at the axis, those that stand apart. */
function shownTicks(data: TokenBarsData, look: Look, { top, height }: BarsLayout): number[] {
  const { low, high, ranks } = data
  const ticks =
    ranks === null
      ? roundValues(low, high, niceAxis(low, high, Math.max(2, height / ticksApart)).step)
      : [0, ...[1, 10, 100, 1000, 10_000, 100_000].filter(rank => rank < ranks / 3), ranks - 1]
  let last = Infinity
  return ticks.filter(value => {
    const y = top + (1 - share(data, value)) * height
    const isApart = last - y > look.size + 2
    if (isApart) last = y
    return isApart
  })
}

function axisMarks(data: TokenBarsData, look: Look, layout: BarsLayout): Mark[] {
  const { left, top, named, height } = layout
  const words = { font: look.sans, size: look.size, color: look.faint } as const
  const y = (value: number) => top + (1 - share(data, value)) * height
  const line = (at: number): LineMark => ({
    kind: 'line',
    points: [
      [left, at],
      [axisEnd(data, layout), at]
    ],
    color: look.line,
    width: 1,
    opacity: at === y(0) ? 1 : 0.5
  })
  return [
    ...plotted(
      shownTicks(data, look, layout).flatMap(value => [
        line(y(value)),
        textMark({ ...words, text: tickText(value), x: left - 5, y: y(value), align: 'right' })
      ])
    ),
    ...(look.still === true ? [columnsName(data, look, layout)] : []),
    ...named.map((text, line) => {
      const above = (named.length - 1 - line) * (look.size + lineGap)
      return textMark({ ...words, text, x: left, y: top - 9 - above })
    })
  ]
}
