import { z } from 'zod'
import { spanOf } from '../data/span-of.ts'
import { numberText } from '../text/number-text.ts'
import type { FigureKind, MapPanel } from './figure-kind.ts'
import { spanning } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import { spotMark, textMark, type Mark } from './mark.ts'
import { niceAxis, roundValues } from './nice-axis.ts'
import { plotted, type Plot, type PlotSeries } from './plot.ts'
import { signedColor } from './signed-color.ts'
import { cutToRoom, sansWidth, textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import type { ValueRange } from './value-scale.ts'

/** Amounts of either sign, each with a name, from one line that stands for 0. */
export const SignedBarsData = z.object({
  title: z.string().nullable(),
  /** What the amounts are, with their unit. */
  name: z.string(),
  bars: z
    .array(
      z.object({
        label: z.string(),
        value: z.number().or(z.nan()),
        /** How far around it values lie; null where that is not known. */
        spread: z.number().or(z.nan()).nullable().default(null),
        /** It is what the others sum to: a line parts it from them. */
        isSum: z.boolean().default(false)
      })
    )
    .readonly(),
  /** What the axis has at least room for, such as for the bars of another figure; left out for these alone. */
  span: z.object({ low: z.number(), high: z.number() }).exactOptional()
})
export type SignedBarsData = z.output<typeof SignedBarsData>

const rowHeight = 22
const barHeight = 10
const margin = 8
const axisRoom = 30
/** Share of the width that labels take at most. */
const mostForLabels = 0.4
/** What bars take at least: shorter ones cannot be told apart. */
const leastForBars = 60

/** Where a row stands, in CSS pixels. */
export function signedRow(
  { title }: Pick<SignedBarsData, 'title'>,
  row: number
): { readonly top: number; readonly height: number } {
  return { top: topOf(title) + row * rowHeight, height: rowHeight }
}

function topOf(title: string | null): number {
  return title === null ? 2 : titleRoom
}

/** What bars reach from 0, with what lies around them. */
export function signedExtent(bars: readonly Pick<Bar, 'value' | 'spread'>[]): ValueRange {
  const ends = bars.flatMap(({ value, spread }) =>
    Number.isNaN(value) ? [] : [value - (spread || 0), value + (spread || 0)]
  )
  return spanOf(ends, { low: 0, high: 0 })
}
type Bar = SignedBarsData['bars'][number]

/** Bars to either side of 0, the first on top, each with its number at the right. */
export const signedBars: FigureKind<SignedBarsData> = {
  name: 'signed-bars',
  data: SignedBarsData,
  shows: ({ name }) => `Bars: ${name}`,
  resizes: 'width',

  natural: ({ title, bars }) => ({
    width: 520,
    height: (title === null ? 0 : titleRoom) + bars.length * rowHeight + axisRoom + margin,
    ratio: 1
  }),

  least({ bars }, look) {
    const { labels, numbers } = roomsBeside(bars, look)
    const others = margin + leastForBars + numbers
    return { width: Math.min(others + labels, others / (1 - mostForLabels)), height: 0 }
  },

  panel({ title, name, bars, span }, look, size): MapPanel {
    const words = { font: look.sans, size: look.size }
    const rooms = roomsBeside(bars, look)
    const numbers = bars.map(({ value }) => signedText(value))
    const label = Math.min(mostForLabels * size.width, rooms.labels)
    const left = margin + label
    const width = Math.max(20, size.width - left - rooms.numbers)
    const own = signedExtent(bars)
    const { low, high } = span ? spanning([own, span]) : own
    const axis = niceAxis(low, low === high ? 1 : high, Math.max(2, width / 70))
    const across = (value: number) => left + ((value - axis.min) / (axis.max - axis.min)) * width
    const ticks = roundValues(axis.min, axis.max, axis.step).map(value => ({
      ...{ value, x: across(value), text: numberText(value, 2) }
    }))
    // In a narrow figure as many as do not touch, 0 among them.
    const texts = ticks.map(({ text }) => text)
    const apart = widest(texts, look)
    const every = Math.ceil(apart / (across(axis.step) - across(0)))
    const isLabelled = (value: number) => Math.round(value / axis.step) % every === 0
    const top = topOf(title)
    const end = top + bars.length * rowHeight
    const plots: Plot[] = [
      {
        ...{ left, top, width, height: end - top, words: { ...words, color: look.faint } },
        x: {
          ...{ from: axis.min, to: axis.max, isLog: false, away: 9, tickLength: 0, line: null },
          ticks: ticks.map(({ value: at, text }) => ({ at, text: isLabelled(at) ? text : '' })),
          grid: { color: look.empty, opacity: 1 },
          name: { text: name, away: 23, room: width }
        },
        y: {
          ...{ from: bars.length - 0.5, to: -0.5, isLog: false, away: left - margin, begins: true },
          ...{ tickLength: 0, line: null, grid: null, name: null },
          words: { ...words, color: look.ink },
          ticks: bars.map(({ label: text, isSum }, at) => ({
            ...{ at, isBold: isSum },
            text: cutToRoom(text, label - 4, own => textWidth(own, words))
          }))
        },
        series: plottedBars({ name, bars }, look)
      }
    ]
    const marks = bars.flatMap(({ label: text, value, spread, isSum }, row): Mark[] => {
      const y = top + (row + 0.5) * rowHeight
      const [from, to] = [across(Math.min(0, value)), across(Math.max(0, value))]
      const fill = signedColor(value, look)
      return [
        ...(isSum
          ? [
              lineOf(
                [margin, y - rowHeight / 2],
                [size.width - margin, y - rowHeight / 2],
                look.line
              )
            ]
          : []),
        ...plotted([
          textMark({
            ...words,
            ...{ text, x: margin, y, color: look.ink, room: label - 4, weight: isSum ? 600 : 400 }
          })
        ]),
        ...(Number.isNaN(value)
          ? []
          : [
              {
                ...{ kind: 'rect' as const, x: from, y: y - barHeight / 2, fill, line: null },
                ...{ width: Math.max(1, to - from), height: barHeight },
                plotted: true as const
              }
            ]),
        // Of a low one there is little to point at: its row says it.
        spotMark(
          { x: margin, y: y - rowHeight / 2, width: size.width - 2 * margin, height: rowHeight },
          [`${text}\n${name}: `, value, ...(spread ? [' ± ', spread] : [])]
        ),
        ...(spread && !Number.isNaN(value)
          ? plotted([lineOf([across(value - spread), y], [across(value + spread), y], look.ink)])
          : []),
        textMark({
          ...words,
          ...{ text: numbers[row]!, x: size.width - margin, y, align: 'right', color: look.ink },
          weight: isSum ? 600 : 400
        })
      ]
    })
    return {
      ...{ kind: 'map', ...size, paper: look.paper, rasters: [], plots },
      marks: [
        ...titleMarks(title, look, { x: margin, y: 14, room: size.width - 2 * margin }),
        ...plotted(
          ticks.flatMap(({ value, x, text }) => [
            lineOf([x, top], [x, end], value === 0 ? look.faint : look.empty),
            ...(isLabelled(value)
              ? [textMark({ ...words, text, x, y: end + 9, align: 'center', color: look.faint })]
              : [])
          ])
        ),
        ...marks,
        ...plotted([
          textMark({
            ...{ ...words, text: name, x: left + width / 2, y: end + 23, align: 'center' },
            ...{ color: look.faint, room: width }
          })
        ])
      ]
    }
  }
}

/** What is kept for what stands at either side of bars. */
function roomsBeside(bars: SignedBarsData['bars'], look: Pick<Look, 'size'>) {
  const [labels, numbers] = [
    bars.map(({ label }) => label),
    bars.map(({ value }) => signedText(value))
  ]
  return { labels: widest(labels, look), numbers: widest(numbers, look) + margin }
}

/** How wide the widest of some texts is, with a margin. */
function widest(texts: readonly string[], { size }: Pick<Look, 'size'>): number {
  return Math.ceil(texts.reduce((most, text) => Math.max(most, sansWidth(text, size)), 0)) + margin
}

/** Rows from 0, those of one sign a series, with what lies around them as lines. */
function plottedBars(
  { name, bars }: Pick<SignedBarsData, 'name' | 'bars'>,
  look: Look
): PlotSeries[] {
  const rows = bars.map(({ value, spread }, row) => ({ value, spread, row }))
  const signed = [
    { name: `${name}, above 0`, own: rows.filter(({ value }) => value >= 0), sign: 1 },
    { name: `${name}, below 0`, own: rows.filter(({ value }) => value < 0), sign: -1 }
  ]
  const around = rows.filter(({ value, spread }) => spread && !Number.isNaN(value))
  return [
    {
      ...{ name: null, shape: 'line', x: [0, 0], y: [-0.5, bars.length - 0.5] },
      ...{ color: look.faint, size: 1 }
    },
    ...signed.map(({ name, own, sign }): PlotSeries => ({
      ...{ name, shape: 'rows', color: signedColor(sign, look), size: barHeight },
      ...{ x: own.map(({ value }) => value), y: own.map(({ row }) => row) }
    })),
    {
      ...{ name: 'around them', shape: 'line', color: look.ink, size: 1 },
      x: around.flatMap(({ value, spread }) => [value - spread!, value + spread!, NaN]),
      y: around.flatMap(({ row }) => [row, row, NaN])
    }
  ]
}

/** A number with its sign, to three digits. */
export function signedText(value: number): string {
  return value > 0 ? `+${numberText(value)}` : numberText(value)
}

function lineOf(
  from: readonly [number, number],
  to: readonly [number, number],
  color: string
): Mark {
  return { kind: 'line', points: [from, to], color, width: 1, opacity: 1 }
}
