import { z } from 'zod'
import { spanOf } from '../data/span-of.ts'
import { exactCount, numberText } from '../text/number-text.ts'
import type { FigureKind, MapPanel } from './figure-kind.ts'
import type { Look } from './look.ts'
import { spotMark, textMark, type Mark } from './mark.ts'
import { plotted, type Plot as AxesPlot, type PlotSeries } from './plot.ts'
import { monoWidth, textWidth } from './text-width.ts'
import { titleMarks } from './title-marks.ts'

/** Named scores: each finds a place beside all of the others. */
const mostLines = 200

const Part = z.object({ low: z.number(), high: z.number() })

/** How many queries, tokens or sequences have which score, and how these are parted. */
export const ScoreHistogramData = z.object({
  title: z.string().nullable(),
  /** What the scores are, with their unit. */
  name: z.string(),
  /** What has them, such as `queries`; left out where that was not kept. */
  counts: z.string().exactOptional(),
  /** Cells as wide as each other on the axis, whatever they span. */
  cells: z.array(Part.extend({ count: z.number() })).readonly(),
  /** From the lowest up; bars have the tone of theirs. */
  bins: z.array(Part).readonly(),
  /** Scores that are named. */
  lines: z
    .array(z.object({ name: z.string(), value: z.number(), faint: z.boolean() }))
    .max(mostLines)
    .readonly(),
  /** The bin that is pointed out. */
  lit: z.int().nullable(),
  /** What the axis has at least room for, such as the scores of another; left out for its own alone. */
  span: Part.optional()
})
export type ScoreHistogramData = z.output<typeof ScoreHistogramData>

const titleRoom = 26
const margin = { left: 58, right: 12, top: 32, bottom: 36 }
/** Bars are at least so wide. */
const leastBar = 4
/** Of few queries there are fewer, for single ones would stand apart. */
const fewestBars = 24
const lineHeight = 14
/** Below the axis, for what tones are. */
const tonesRoom = 16
/** What bars of either tone are. */
export const tonesName = 'parts of the range, by turns'
const swatch = 9

/** Bars over an axis that is even in the cells, with named scores as lines. */
export const scoreHistogram: FigureKind<ScoreHistogramData> = {
  name: 'score-histogram',
  data: ScoreHistogramData,
  shows: data =>
    [
      `Across: ${data.name}`,
      `up: ${data.counts === undefined ? 'how many have it' : `how many ${data.counts} have it`}`,
      ...(hasTones(data) ? [`tones: ${tonesName}`] : [])
    ].join('; '),
  resizes: 'width',

  natural: data => ({
    width: 640,
    height: 156 + (data.title === null ? 0 : titleRoom) + below(data),
    ratio: 1
  }),

  // Its name stands below the middle of the bars, and below that what tones are.
  least(data, look) {
    const wide = (text: string) => textWidth(text, { font: look.sans, size: look.size })
    const tones = hasTones(data) ? wide(tonesName) + 3 * swatch : 0
    return { width: Math.max(wide(axisName(data)), tones) + 2 * margin.left, height: 0 }
  },

  lowest: (data, look) => scoreHistogram.natural(data, look).height - 60,

  panel(data, look, size): MapPanel {
    const top = margin.top + (data.title === null ? 0 : titleRoom)
    const plot = {
      left: margin.left,
      top,
      width: size.width - margin.left - margin.right,
      height: size.height - top - margin.bottom - below(data)
    }
    const { cells, first } = occupied(data)
    const across = (value: number) => plot.left + plot.width * placeIn(cells, value)
    const text = { font: look.sans, size: look.size, color: look.faint }
    const base = plot.top + plot.height
    const marks: Mark[] = [
      ...titleMarks(data.title, look, { x: 8, y: 15, room: size.width - 16 }),
      ...plotted([
        ...bars(data, cells, plot, look),
        line(plot.left, base, plot.left + plot.width, base, look.line),
        ...ticks(cells, across).flatMap(({ x, value, digits }) => [
          line(x, base, x, base + 4, look.line),
          textMark({ ...text, text: numberText(value, digits), x, y: base + 12, align: 'center' })
        ]),
        textMark({
          ...text,
          text: axisName(data),
          x: plot.left + plot.width / 2,
          y: base + 27,
          align: 'center'
        })
      ]),
      ...(hasTones(data) ? toneMarks(plot, look) : []),
      ...data.lines.flatMap((named, row) => {
        const above = data.lines.slice(0, row).map(({ value }) => across(value))
        return namedLine(named, above, across(named.value), plot, look)
      })
    ]
    return {
      ...{ kind: 'map', ...size, paper: look.paper },
      rasters: [],
      marks: first < 0 ? [] : marks,
      plots: first < 0 ? [] : [plotOf(data, cells, plot, look)]
    }
  }
}

type Cells = ScoreHistogramData['cells']

interface Plot {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The cells from the first that holds something to the last, and those that there is to be room for. */
function occupied({ cells, span }: Pick<ScoreHistogramData, 'cells' | 'span'>): {
  readonly cells: Cells
  readonly first: number
} {
  const first = cells.findIndex(({ count }) => count > 0)
  const last = cells.findLastIndex(({ count }) => count > 0)
  if (first < 0 || span === undefined) return { cells: cells.slice(first, last + 1), first }
  const from = cells.findIndex(({ high }) => span.low < high)
  const to = cells.findLastIndex(({ low }) => low <= span.high)
  const begin = from < 0 ? first : Math.min(first, from)
  return { cells: cells.slice(begin, Math.max(last, to) + 1), first }
}

/** Whether cells span as much as each other: those of shares and distances span less near 0. */
function isEven(cells: Cells): boolean {
  const widths = cells.map(({ low, high }) => high - low)
  const { low, high } = spanOf(widths)
  return high < 1.01 * low
}

/** Where a value lies along cells, from 0 to 1, clamped. */
function placeIn(cells: Cells, value: number): number {
  const at = cells.findIndex(({ high }) => value < high)
  if (at < 0) return 1
  const { low, high } = cells[at]!
  return Math.max(0, at + (value - low) / (high - low)) / cells.length
}

/** Whether bars have more than one tone. */
function hasTones({ bins }: Pick<ScoreHistogramData, 'bins'>): boolean {
  return bins.length > 1
}

function below(data: Pick<ScoreHistogramData, 'bins'>): number {
  return hasTones(data) ? tonesRoom : 0
}

/** Of parts of the range by turns. */
function tonesOf({ series }: Look): readonly [string, string] {
  return [series[1]!, series[6]!]
}

/** What tones are, below the middle of the bars. */
function toneMarks({ left, top, width, height }: Plot, look: Look): Mark[] {
  const words = { font: look.sans, size: look.size }
  const own = 2 * swatch + 6
  const x = left + (width - own - textWidth(tonesName, words)) / 2
  const y = top + height + 27 + tonesRoom
  return [
    ...tonesOf(look).map((fill, i): Mark => ({
      ...{ kind: 'rect', x: x + i * swatch, y: y - swatch / 2, width: swatch, height: swatch },
      ...{ fill, line: null }
    })),
    textMark({ ...words, text: tonesName, x: x + own, y, color: look.faint })
  ]
}

interface Group {
  /** Its first cell, and how many cells it is. */
  readonly at: number
  readonly span: number
  readonly low: number
  readonly end: number
  readonly count: number
  readonly fill: string
}

/** Cells that are one bar, of those that hold something. */
function groupsOf(
  { bins, lit }: Pick<ScoreHistogramData, 'bins' | 'lit'>,
  cells: Cells,
  { width }: Pick<Plot, 'width'>,
  look: Look
): Group[] {
  const queries = cells.reduce((sum, { count }) => sum + count, 0)
  const most = Math.min(
    width / leastBar,
    Math.max(fewestBars, 4 * Math.cbrt(queries)),
    cells.length
  )
  const each = Math.max(1, Math.ceil(cells.length / most))
  const [even, odd] = tonesOf(look)
  return Array.from({ length: Math.ceil(cells.length / each) }, (_, i) => {
    const own = cells.slice(i * each, (i + 1) * each)
    const bin = bins.findLastIndex(({ low }) => low < own[0]!.high)
    return {
      ...{ at: i * each, span: own.length, low: own[0]!.low, end: own.at(-1)!.high },
      count: own.reduce((sum, { count }) => sum + count, 0),
      fill: bin === lit ? look.accent : bin % 2 === 0 ? even : odd
    }
  }).filter(({ count }) => count > 0)
}

/** The bars as they are plotted, over scores, or over numbers of cells where those span less near 0. */
function plotOf(data: ScoreHistogramData, cells: Cells, plot: Plot, look: Look): AxesPlot {
  const { left, top, width, height } = plot
  const groups = groupsOf(data, cells, plot, look)
  const highest = spanOf(groups.map(({ count }) => count)).high
  const even = isEven(cells)
  const [low, high] = even ? [cells[0]!.low, cells.at(-1)!.high] : [0, cells.length]
  const placed = (cell: number) => low + ((high - low) * cell) / cells.length
  const step = width / cells.length
  const alike = Map.groupBy(groups, ({ span, fill }) => `${span} ${fill}`)
  const name = data.counts ?? 'how many'
  return {
    ...{ left, top, width, height },
    words: { font: look.sans, size: look.size, color: look.faint },
    x: {
      ...{
        from: low,
        to: high,
        isLog: false,
        away: 12,
        tickLength: 4,
        line: look.line,
        grid: null
      },
      ticks: ticks(cells, value => left + width * placeIn(cells, value)).map(
        ({ value, digits }) => ({
          at: placed(cells.length * placeIn(cells, value)),
          text: numberText(value, digits)
        })
      ),
      name: { text: axisName(data), away: 27, room: Infinity }
    },
    y: {
      ...{ from: 0, to: highest, isLog: false, away: 6, tickLength: 0, line: null, grid: null },
      ticks: [0, highest].map(at => ({ at, text: exactCount(at) })),
      name: { text: name, away: left - 10, room: height }
    },
    series: [...alike.values()].map((own): PlotSeries => {
      const [{ span, fill }] = own as [Group]
      const thick = Math.max(1, span * step - 1)
      return {
        ...{ name: even ? name : `${name}, across by cells`, shape: 'bars', color: fill },
        ...{ x: own.map(({ at }) => placed(at + span / 2)), y: own.map(({ count }) => count) },
        ...{ size: thick, shift: (thick - span * step) / 2 }
      }
    })
  }
}

function bars(data: ScoreHistogramData, cells: Cells, plot: Plot, look: Look): Mark[] {
  const groups = groupsOf(data, cells, plot, look)
  const highest = spanOf(groups.map(({ count }) => count)).high
  const step = plot.width / cells.length
  const text = { font: look.sans, size: look.size, color: look.faint }
  return [
    ...groups.map(({ at, span, count, fill }): Mark => {
      const height = Math.max(1, (plot.height * count) / highest)
      return {
        kind: 'rect',
        x: plot.left + at * step,
        y: plot.top + plot.height - height,
        width: Math.max(1, span * step - 1),
        ...{ height, fill, line: null }
      }
    }),
    ...groups.map(({ at, span, low, end, count }) => {
      const place = { x: plot.left + at * step, y: plot.top, width: span * step }
      const said = [`${data.name}: `, low, ' – ', end, `\n${data.counts ?? 'how many'}: `, count]
      return spotMark({ ...place, height: plot.height }, said)
    }),
    textMark({
      ...text,
      text: exactCount(highest),
      x: plot.left - 6,
      y: plot.top + 4,
      align: 'right'
    }),
    textMark({
      ...text,
      text: '0',
      x: plot.left - 6,
      y: plot.top + plot.height - 4,
      align: 'right'
    }),
    textMark({
      ...text,
      text: data.counts ?? 'how many',
      x: 10,
      y: plot.top + plot.height / 2,
      align: 'center',
      upright: true,
      room: plot.height
    })
  ]
}

function axisName(data: ScoreHistogramData): string {
  return isEven(occupied(data).cells) ? data.name : `${data.name} · axis finer near 0`
}

/**
 * A score that is named beside its line, each in a row of its own.
 * @param above where the lines are whose names stand above: they come down past this one
 */
function namedLine(
  { name, value, faint }: ScoreHistogramData['lines'][number],
  above: readonly number[],
  x: number,
  plot: Plot,
  look: Look
): Mark[] {
  const words = `${name} ${numberText(value)}`
  const color = faint ? look.faint : look.ink
  const y = plot.top - margin.top + 8 + above.length * lineHeight
  const end = x + monoWidth(words, look.size) + 8
  const isCrossed = above.some(other => other > x && other < end)
  const isRight = end > plot.left + plot.width || (isCrossed && 2 * x - end > 0)
  return [
    line(x, y - 4, x, plot.top + plot.height, color),
    textMark({
      ...{ text: words, font: look.sans, size: look.size, color, y },
      x: isRight ? x - 5 : x + 5,
      align: isRight ? 'right' : 'left'
    })
  ]
}

interface Tick {
  readonly value: number
  readonly x: number
  /** Significant ones. */
  readonly digits: number
}

/** Round values with room between them; the rounder ones come first. */
function ticks(cells: Cells, across: (value: number) => number): Tick[] {
  const low = cells[0]?.low ?? 0
  const high = cells.at(-1)?.high ?? 1
  const powers = Array.from({ length: 16 }, (_, i) => 10 ** (i - 8))
  const round = [
    0,
    ...[1, 5, 2, 3, 7].flatMap(part => powers.flatMap(power => [part * power, -part * power]))
  ]
  const taken = spaced(round, 1)
  if (taken.length > 1) return taken
  // Between two round values: those that are even in what lies there.
  const step = 10 ** Math.floor(Math.log10((high - low) / 2))
  const first = Math.ceil(low / step)
  const even = Array.from({ length: 21 }, (_, i) => (first + i) * step)
  return spaced(even, 1 + Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / step)))

  function spaced(candidates: readonly number[], digits: number): Tick[] {
    const taken: Tick[] = []
    for (const value of candidates) {
      if (value < low || value > high) continue
      const x = across(value)
      if (taken.every(other => Math.abs(other.x - x) >= 36)) taken.push({ value, x, digits })
    }
    return taken.sort((a, b) => a.x - b.x)
  }
}

function line(x: number, y: number, toX: number, toY: number, color: string): Mark {
  return {
    ...{ kind: 'line', color, width: 1, opacity: 1 },
    points: [
      [x, y],
      [toX, toY]
    ]
  }
}
