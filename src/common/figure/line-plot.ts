import { tickText } from './color-bar.ts'
import type { FigureKind, MapPanel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { spotMark, textMark, type LineMark, type Mark, type Tip } from './mark.ts'
import { niceAxis } from './nice-axis.ts'
import { linePlotAxes } from './line-plot-axes.ts'
import { LinePlotData, type PlotSeries } from './line-plot-data.ts'
import {
  dotSide,
  hasPlace,
  lineColorOf,
  side,
  strokeOf,
  tickWord,
  type Ends,
  type LinePlotLayout,
  type LinePlotScales
} from './line-plot-parts.ts'
import { plotted } from './plot.ts'
import { monoWidth, sansWidth, textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

export { LinePlotData, type LinePlotLayout, type PlotSeries }

const margin = { top: 12, right: 14, bottom: 36 }
const naturalWidth = 420
/** A row of the legend, the sign before a name, and what parts a sign from its name and an entry from the next. */
const [legendRoom, signRoom, signGap, entryGap] = [16, 12, 5, 14]

/** Lines, dots, bars and boxes, the first under the others, each value at its place. */
export const linePlot: FigureKind<LinePlotData> = {
  name: 'line-plot',
  data: LinePlotData,
  shows: axesShown,
  resizes: 'width',

  natural: ({ title, series }, look) => ({
    width: naturalWidth,
    height:
      210 +
      (title === null ? 0 : titleRoom) +
      legendRoom * legendRows(series, look, naturalWidth).length,
    ratio: 1
  }),

  lowest: (data, look) => linePlot.natural(data, look).height - 110,

  panel(data, look, size): MapPanel {
    const plot = plotOf(data, look, size)
    const { left, top, width, height, ticks } = plot
    const base = top + height
    const words = { font: look.sans, size: look.size, color: look.faint }
    const plots = linePlotAxes(data, plot, look)
    const shared = plots.length > 0 ? plotted : (marks: readonly Mark[]) => marks
    return {
      ...{ kind: 'map', ...size, paper: look.paper, rasters: [], plots },
      marks: [
        ...titleMarks(data.title, look, { x: 8, y: 14, room: size.width - 16 }),
        ...legend(data, look, size),
        ...shared(
          ticks.y.flatMap(value => [
            line([left, plot.up(value)], [left + width, plot.up(value)], look.empty),
            textMark({
              ...words,
              ...{ text: tickText(value), x: left - 6, y: plot.up(value), align: 'right' }
            })
          ])
        ),
        ...shared(data.series.flatMap(series => seriesMarks(series, data, plot, look))),
        ...data.lines.flatMap(named => {
          const [stroke, name] = namedLine(named, data[named.axis].name, plot, look)
          return [...shared([stroke]), name]
        }),
        ...shared([
          line([left, base], [left + width, base], look.line),
          ...ticks.x.flatMap(value => [
            line([plot.across(value), base], [plot.across(value), base + 4], look.line),
            textMark({
              ...words,
              text: tickWord(value, data.x),
              ...{ x: plot.across(value), y: base + 12, align: 'center' }
            })
          ]),
          textMark({
            ...words,
            ...{ text: data.x.name, x: left + width / 2, y: base + 27, align: 'center' }
          }),
          textMark({
            ...words,
            ...{ text: data.y.name, x: 8, y: top + height / 2, align: 'center' },
            ...{ upright: true, room: height + 20 }
          })
        ])
      ]
    }
  }
}

/** Where the values of a plot stand in a room of some size. */
export function linePlotLayout(data: LinePlotData, look: Look, size: Size): LinePlotLayout {
  return plotOf(data, look, size)
}

function plotOf(data: LinePlotData, look: Look, size: Size): LinePlotScales {
  const isShown = (axis: LinePlotData['x']) => (value: number) =>
    Number.isFinite(value) && (!axis.log || value > 0)
  const of = (name: 'x' | 'y') => {
    const axis = data[name]
    const own = data.series.flatMap(series => [
      ...series[name],
      ...(name === 'x'
        ? sidesOf(series)
        : [series.spread?.min, series.spread?.max].flatMap(reach => [...(reach ?? [])]))
    ])
    const lines = data.lines.flatMap(line => (line.axis === name ? [line.at] : []))
    const span = axis.span === null ? [] : [axis.span.low, axis.span.high]
    const all = [...own, ...lines, ...span].filter(isShown(axis))
    const isOfBars = name === 'y' && data.series.some(({ shape }) => shape === 'bars')
    return isOfBars && all.length > 0 ? [...all, barsBase(all, axis.log)] : all
  }
  const rows = legendRows(data.series, look, size.width).length
  const top = margin.top + (data.title === null ? 0 : titleRoom) + legendRoom * rows
  const height = Math.max(20, size.height - top - margin.bottom)
  const y = scaleOf(of('y'), data.y, Math.max(2, Math.min(8, Math.floor(height / 38))), true)
  const widest = Math.max(0, ...y.ticks.map(value => monoWidth(tickText(value), look.size)))
  const left = 27 + Math.ceil(widest)
  const width = Math.max(20, size.width - left - margin.right)
  // Bars and layers begin and end where they do; an axis is not made longer for them.
  const x = scaleOf(of('x'), data.x, Math.max(2, Math.floor(width / 52)), false)
  const across = (value: number) => left + width * x.place(value)
  const { start } = data.x
  const room = start === undefined ? 0 : sansWidth(start.text, look.size)
  const clear = x.ticks.filter(
    value => start === undefined || across(value) - across(start.at) > room
  )
  return {
    ...{ left, top, width, height, across },
    up: value => top + height * (1 - y.place(value)),
    ticks: { x: start === undefined ? x.ticks : [start.at, ...clear], y: y.ticks },
    ends: { x: x.ends, y: y.ends }
  }
}

/** What bars stand on: of a logarithmic axis, which has no 0, below the lowest, so that it has a height. */
function barsBase(values: readonly number[], isLog: boolean): number {
  return isLog ? values.reduce((a, b) => Math.min(a, b)) / 2 : 0
}

/** Where bars and boxes begin and end. */
function sidesOf({ shape, x, width }: PlotSeries): number[] {
  if (shape === 'bars') return Array.from(x, left => left + width)
  if (shape === 'boxes') return Array.from(x, at => [at - width / 2, at + width / 2]).flat()
  return []
}

/** Where values lie between 0 and 1, and round ones among them. */
function scaleOf(
  values: readonly number[],
  { log, whole = false }: Pick<LinePlotData['x'], 'log' | 'whole'>,
  count: number,
  round: boolean
) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity)
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
  if (low > high) return { place: () => 0, ticks: [], ends: [0, 0] as Ends }
  if (log) {
    const { place, ticks } = logScale(low, high, count)
    return {
      place,
      ticks: whole ? ticks.filter(Number.isInteger) : ticks,
      ends: [low, high] as Ends
    }
  }
  const { min, max } = niceAxis(low, high, count)
  const [from, to] = round ? [min, max] : [low, high]
  const slack = 1e-9 * (to - from)
  const ticksOf = (count: number) => {
    const { step: nice } = niceAxis(low, high, count)
    const step = whole ? Math.max(1, nice) : nice
    // Of whole steps, so that none is nearly zero.
    const first = Math.ceil(min / step - 1e-9)
    const length = Math.max(0, Math.floor(max / step + 1e-9) - first + 1)
    return Array.from({ length }, (_, i) => Number(((first + i) * step).toPrecision(12))).filter(
      value => value >= from - slack && value <= to + slack
    )
  }
  const ticks = ticksOf(count)
  return {
    place: (value: number) => (to > from ? (value - from) / (to - from) : 0.5),
    // An axis that ends where its values do may hold but one round number, which tells no scale.
    ticks: ticks.length > 1 || whole ? ticks : ticksOf(2 * count),
    ends: [from, to] as Ends
  }
}

/** Powers of ten; where there are fewer than two, numbers between them too. */
function logScale(low: number, high: number, count: number) {
  const [from, to] = [Math.log10(low), Math.log10(high)]
  const powers = Array.from({ length: 700 }, (_, i) => i - 350).filter(
    power => power >= from - 1e-9 && power <= to + 1e-9
  )
  const each = Math.max(1, Math.ceil(powers.length / count))
  const between = () =>
    Array.from({ length: Math.ceil(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i)
      .flatMap(power => [1, 2, 3, 5].map(part => Number((part * 10 ** power).toPrecision(6))))
      .filter(value => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
  const ticks =
    powers.length < 2
      ? between()
      : powers.filter((_, i) => i % each === 0).map(power => 10 ** power)
  return {
    place: (value: number) => (to > from ? (Math.log10(value) - from) / (to - from) : 0.5),
    ticks
  }
}

/** Where a value stands, and what it is. */
type PlacedPoint = readonly [across: number, up: number, x: number, y: number]

/** What is said of a value of a series: whose it is, and where it stands on both axes. */
function tipOf(
  { name, shape, width }: PlotSeries,
  { x, y }: Pick<LinePlotData, 'x' | 'y'>
): (x: number, y: number) => Tip {
  const of = [name === null ? `${x.name}: ` : `${name}\n${x.name}: `]
  const placeOf = (own: number) => (own === x.start?.at ? x.start.text : own)
  return (own, value) => [
    ...[...of, ...(shape === 'bars' ? [own, ' – ', own + width] : [placeOf(own)])],
    ...[`\n${y.name}: `, value]
  ]
}

/** What boxes say, wherever between the ends of their whiskers they are pointed at. */
function boxSpots(
  { name, x, y, width, spread }: PlotSeries,
  data: Pick<LinePlotData, 'x' | 'y'>,
  { across, up }: LinePlotScales
): Mark[] {
  if (spread === undefined) return []
  const { min, q1, q3, max } = spread
  return Array.from(x).flatMap((at, i): Mark[] => {
    const [low, high] = [up(min[i]!), up(max[i]!)]
    if (![at, low, high].every(Number.isFinite)) return []
    const [left, right] = [across(at - width / 2), across(at + width / 2)]
    const numbers: readonly (readonly [string, number])[] = [
      ...([
        ['largest', max[i] ?? NaN],
        ['third quartile', q3[i] ?? NaN],
        ['median', y[i] ?? NaN]
      ] as const),
      ...([
        ['first quartile', q1[i] ?? NaN],
        ['smallest', min[i] ?? NaN]
      ] as const)
    ]
    return [
      spotMark({ x: left, y: high, width: Math.max(1, right - left), height: low - high }, [
        ...[name === null ? '' : `${name}\n`, `${data.x.name}: `, at, `\n${data.y.name}`],
        ...numbers.flatMap(([word, value]) => [`\n${word}: `, value])
      ])
    ]
  })
}

function seriesMarks(
  series: PlotSeries,
  data: Pick<LinePlotData, 'x' | 'y'>,
  plot: LinePlotScales,
  look: Look
): Mark[] {
  const { shape, color, x, y, width } = series
  const ink = lineColorOf(color, look)
  const tip = tipOf(series, data)
  if (shape === 'boxes')
    return [
      ...boxMarks(series, data.y.log, plot, { ink, paper: look.paper }),
      ...boxSpots(series, data, plot)
    ]
  const base = plot.top + plot.height
  const points = Array.from(x, (own, i) => {
    const value = y[i]!
    return hasPlace(value, data.y) && hasPlace(own, data.x)
      ? ([plot.across(own), plot.up(value), own, value] as const)
      : null
  })
  const shown = points.filter(point => point !== null)
  if (shape === 'bars')
    return shown.flatMap(([left, top, own, value]): Mark[] => {
      const right = plot.across(own + width)
      const gap = right - left > 3 ? 1 : 0
      const column = { x: left, y: plot.top, width: right - left, height: plot.height }
      return [
        {
          ...{ kind: 'rect', x: left, y: top, width: Math.max(0.5, right - left - gap) },
          ...{ height: Math.max(0, base - top), fill: ink, line: null }
        },
        spotMark(column, tip(own, value))
      ]
    })
  if (shape === 'dots') {
    const own = dotSide(shown.length)
    return shown.map(([at, up, x, value]) => dot(at, up, ink, own, tip(x, value)))
  }
  const stroke = strokeOf(color)
  return stretches(points).map((own): Mark => {
    const tips = own.map(([, , x, value]) => tip(x, value))
    const [[at, up]] = own as [PlacedPoint]
    if (own.length === 1) return dot(at, up, ink, side, tips[0])
    const places = own.map(([across, up]) => [across, up] as const)
    return { kind: 'line', points: places, color: ink, ...stroke, tips }
  })
}

/** Of each from its first to its third quartile a box, the median across it, and whiskers to the smallest and the largest. */
function boxMarks(
  { x, y, width, spread }: PlotSeries,
  isLog: boolean,
  { across, up }: LinePlotScales,
  { ink, paper }: { readonly ink: string; readonly paper: string }
): Mark[] {
  if (spread === undefined) return []
  const { min, q1, q3, max } = spread
  return Array.from(x).flatMap((at, i): Mark[] => {
    const all = [min, q1, y, q3, max].map(own => own[i]!)
    if (!Number.isFinite(at) || !all.every(value => hasPlace(value, { log: isLog }))) return []
    const [bottom, low, middle, high, top] = all.map(up) as [number, number, number, number, number]
    const [left, right, center] = [across(at - width / 2), across(at + width / 2), across(at)]
    const room = Math.max(1, right - left)
    // Of many heads boxes are too narrow for paper within their frame.
    const fill = room < 4 ? ink : paper
    const box = { x: left, y: high, width: room, height: Math.max(0.5, low - high) }
    return [
      line([center, bottom], [center, low], ink),
      line([center, high], [center, top], ink),
      ...(room < 4
        ? []
        : [bottom, top].map(end => line([center - room / 4, end], [center + room / 4, end], ink))),
      { kind: 'rect', ...box, fill, line: ink },
      {
        ...{ kind: 'line', color: room < 4 ? paper : ink, width: 2, opacity: 1 },
        points: [
          [left, middle],
          [left + room, middle]
        ]
      }
    ]
  })
}

/** The points between those that are missing. */
function stretches(points: readonly (PlacedPoint | null)[]): PlacedPoint[][] {
  const all: PlacedPoint[][] = [[]]
  for (const point of points)
    if (point === null) all.push([])
    else all.at(-1)!.push(point)
  return all.filter(({ length }) => length > 0)
}

function dot(x: number, y: number, fill: string, own = side, tip?: Tip): Mark {
  return {
    ...{ kind: 'rect', x: x - own / 2, y: y - own / 2, width: own, height: own },
    ...{ fill, line: null },
    ...(tip && { tip })
  }
}

function namedLine(
  { name, axis, at, side = 'above' }: LinePlotData['lines'][number],
  axisName: string,
  plot: LinePlotScales,
  look: Look
): readonly [line: Mark, name: Mark] {
  const { left, top, width, height } = plot
  const words = { font: look.sans, size: look.size, color: look.faint, text: name }
  const tip = [name === '' ? '' : `${name}\n`, `${axisName}: `, at]
  if (axis === 'x') {
    const x = plot.across(at)
    // Before the line where there is no room after it, unless there is even less.
    const [before, after] = [x - left - 5, left + width - x - 5]
    const isBefore = textWidth(name, words) > after && before > after
    const place = { x: isBefore ? x - 5 : x + 5, y: top + height - 8 } as const
    return [
      { ...line([x, top], [x, top + height], look.faint), tip },
      textMark({
        ...{ ...words, ...place, align: isBefore ? 'right' : 'left' },
        room: isBefore ? before : after
      })
    ]
  }
  const y = plot.up(at)
  return [
    { ...line([left, y], [left + width, y], look.faint), tip },
    textMark({ ...words, x: left + width - 4, y: side === 'above' ? y - 8 : y + 9, align: 'right' })
  ]
}

/** The names of series, each after its colour, above the plot and up to its right side. */
function legend({ title, series }: LinePlotData, look: Look, size: Size): Mark[] {
  const top = title === null ? 0 : titleRoom
  return legendRows(series, look, size.width).flatMap((row, i) => {
    const y = top + legendRoom * i + 9
    let x = size.width - margin.right - row.reduce((sum, { width }) => sum + width, -entryGap)
    return row.flatMap(({ name, color, shape, width }) => {
      const [from, ink] = [x, lineColorOf(color, look)]
      x += width
      const words = { font: look.sans, size: look.size, color: look.ink, text: name }
      return [
        shape === 'line'
          ? { kind: 'line', points: [[from, y], [from + signRoom, y]], color: ink, width: 1.5, opacity: 1 } // prettier-ignore
          : dot(from + signRoom - 4, y, ink),
        textMark({ ...words, x: from + signRoom + signGap, y, align: 'left' })
      ] satisfies Mark[]
    })
  })
}

/** Of the names of series; as many to a row as there is room for, each with the width that it takes. */
function legendRows(series: readonly PlotSeries[], look: Look, width: number) {
  const room = width - margin.right - side + entryGap
  const rows: { name: string; color: PlotSeries['color']; shape: string; width: number }[][] = []
  let left = 0
  for (const { name, color, shape } of series) {
    if (name === null) continue
    const width =
      signRoom + signGap + textWidth(name, { font: look.sans, size: look.size }) + entryGap
    if (rows.length === 0 || width > left) {
      rows.push([])
      left = room
    }
    rows.at(-1)!.push({ name, color, shape, width })
    left -= width
  }
  return rows
}

function line(
  from: readonly [number, number],
  to: readonly [number, number],
  color: string
): LineMark {
  return { kind: 'line', points: [from, to], color, width: 1, opacity: 1 }
}

/** What the axes of a plot stand for. */
export function axesShown({ x, y }: { readonly x: AxisShown; readonly y: AxisShown }): string {
  const axis = ({ name, log = false }: AxisShown) => (log ? `${name}, logarithmic` : name)
  return `Across: ${axis(x)}; up: ${axis(y)}`
}

interface AxisShown {
  readonly name: string
  readonly log?: boolean
}
