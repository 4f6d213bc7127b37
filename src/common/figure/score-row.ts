import { z } from 'zod'
import { ShownToken } from '../model/token.ts'
import { isolated } from '../text/token-text.ts'
import { numberText } from '../text/number-text.ts'
import { labelledCells } from './axis-labels.ts'
import type { FigureKind, MapPanel, Size } from './figure-kind.ts'
import { greyKeys } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import { spotMark, textMark, type Mark } from './mark.ts'
import { plotted, type Plot, type PlotAxis, type PlotSeries } from './plot.ts'
import { behind, filledRect, rowName } from './row-marks.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { monoWidth } from './text-width.ts'
import { axisLabels } from './token-labels.ts'

const Numbers = z.array(z.number().or(z.literal(-Infinity))).readonly()

/** The scores of one query, and the weights that a softmax makes of them. */
export const ScoreRowData = z
  .object({
    title: z.string().nullable(),
    tokens: z.array(ShownToken).readonly(),
    /** By key; −∞ where the query does not see it. */
    scores: Numbers,
    weights: Numbers,
    logsumexp: z.number(),
    /** Keys run from right to left. */
    mirrored: z.boolean(),
    selected: z.int().min(0).nullable(),
    hovered: z.int().min(0).nullable(),
    /**
     * How far below the logsumexp there is at least room for scores, and up to which for weights, such as for those of
     * another figure; left out for its own alone.
     */
    span: z.object({ depth: z.number(), weight: z.number() }).optional()
  })
  .refine(
    ({ tokens, scores, weights }) =>
      scores.length === tokens.length && weights.length === tokens.length,
    'expected a score and a weight of each token'
  )
export type ScoreRowData = z.output<typeof ScoreRowData>

const left = 44
const right = 58
const scoresHeight = 112
const gap = 10
const weightsHeight = 88
/** What the labels of keys take at most. */
const mostForLabels = 84
const inset = 8
/** Names of rows run upwards. */
const nameAt = { x: 14, align: 'center', upright: true } as const

/**
 * Scores as points that hang from their logsumexp: what is between is −ln of the weight. Below them the weights, as bars
 * from zero. Of keys that share a pixel the highest is shown.
 */
export const scoreRow: FigureKind<ScoreRowData> = {
  name: 'score-row',
  data: ScoreRowData,
  shows: ({ scores }) =>
    ['Bars: score and weight of each key', ...(scores.includes(-Infinity) ? [greyKeys] : [])].join(
      '; '
    ),
  resizes: 'width',

  natural: ({ title, tokens }, look) => ({
    width: 640,
    height: topOf(title) + scoresHeight + gap + weightsHeight + labelRoom(tokens, look),
    ratio: 1
  }),

  panel(data, look, size): MapPanel {
    const top = topOf(data.title)
    const places = keyPlaces(data, size)
    const columns = columnsOf(data, places, size)
    const below = top + scoresHeight + gap
    return {
      kind: 'map',
      ...size,
      paper: look.paper,
      rasters: [],
      plots: plotsOf(data, places, { top, below }, look, size),
      marks: [
        ...titleMarks(data.title, look, { x: 8, y: 14, room: size.width - 16 }),
        ...unseenMarks(data, places, top, look),
        ...plotted(scoreMarks(data, columns, top, look, size)),
        ...plotted(weightMarks(data, columns, below, look, size)),
        ...labelMarks(data, places, below + weightsHeight, look),
        ...keySpots(data, places, top)
      ]
    }
  }
}

/** Where keys stand. */
export interface KeyPlaces {
  /** How wide a key is. */
  readonly cell: number
  /** Where it begins. */
  readonly xOf: (key: number) => number
  /** The key at a point; null beside them. */
  readonly keyAt: (x: number) => number | null
}

export function keyPlaces(
  { tokens, mirrored }: Pick<ScoreRowData, 'tokens' | 'mirrored'>,
  { width }: Pick<Size, 'width'>
): KeyPlaces {
  const count = Math.max(1, tokens.length)
  // A few keys do not fill all of the width: bars stay bars.
  const cell = Math.min(36, Math.max(1, width - left - right) / count)
  const own = cell * count
  const first = mirrored ? width - right - own : left
  return {
    cell,
    xOf: key => first + (mirrored ? count - 1 - key : key) * cell,
    keyAt(x) {
      const at = Math.floor((x - first) / cell)
      if (at < 0 || at >= count) return null
      return mirrored ? count - 1 - at : at
    }
  }
}

/** What is drawn at one place: a key, or the highest of those that share a pixel. */
interface Column {
  readonly x: number
  readonly width: number
  readonly score: number
  readonly weight: number
  readonly color: 'selected' | 'hovered' | 'plain'
}

function columnsOf(data: ScoreRowData, { cell, xOf }: KeyPlaces, { ratio }: Size): Column[] {
  const { scores, weights, selected, hovered } = data
  const pixel = 1 / ratio
  if (cell >= pixel)
    return scores.map((score, key) => ({
      x: xOf(key),
      width: cell,
      score,
      weight: weights[key]!,
      color: colorOf(key, data)
    }))
  const highest = new Map<number, number>()
  scores.forEach((score, key) => {
    const at = Math.floor(xOf(key) / pixel)
    const known = highest.get(at)
    if (known === undefined || score > scores[known]!) highest.set(at, key)
  })
  const own = [...highest].map(([at, key]): Column => ({
    x: at * pixel,
    width: pixel,
    score: scores[key]!,
    weight: weights[key]!,
    color: 'plain'
  }))
  const told = [selected, hovered].filter(key => key !== null)
  return [
    ...own,
    ...told.map(key => ({
      x: xOf(key),
      width: 2,
      score: scores[key]!,
      weight: weights[key]!,
      color: colorOf(key, data)
    }))
  ]
}

function colorOf(
  key: number,
  { selected, hovered }: Pick<ScoreRowData, 'selected' | 'hovered'>
): Column['color'] {
  return key === selected ? 'selected' : key === hovered ? 'hovered' : 'plain'
}

function topOf(title: string | null): number {
  return title === null ? 4 : titleRoom
}

/** Behind the keys that the query does not see. */
function unseenMarks(
  { scores }: ScoreRowData,
  { cell, xOf }: KeyPlaces,
  y: number,
  { empty }: Look
): Mark[] {
  const height = scoresHeight + gap + weightsHeight
  return scores.flatMap((score, key) =>
    score === -Infinity ? [filledRect(xOf(key), y, cell + 0.5, height, empty)] : []
  )
}

/** What a key says, wherever in its column it is pointed at. */
function keySpots(
  { tokens, scores, weights }: ScoreRowData,
  { cell, xOf }: KeyPlaces,
  y: number
): Mark[] {
  const height = scoresHeight + gap + weightsHeight
  return tokens.map((token, key) =>
    spotMark({ x: xOf(key), y, width: cell, height }, [
      ...[`key ${key} `, token, '\nscore: ', scores[key] ?? NaN, '\nweight: ', weights[key] ?? NaN]
    ])
  )
}

/** Scores and weights as they are plotted, keys from 0. */
function plotsOf(
  data: ScoreRowData,
  { cell, xOf }: KeyPlaces,
  { top, below }: { readonly top: number; readonly below: number },
  look: Look,
  { width }: Size
): Plot[] {
  const { scores, weights, logsumexp, span, mirrored } = data
  const { low, depth } = scoreRange(data)
  const most = weights.reduce((most, weight) => Math.max(most, weight), 0)
  const end = width - right
  const keyAt = (x: number) => (mirrored ? xOf(0) + cell - x : x - xOf(0)) / cell - 0.5
  const [from, to] = [keyAt(left), keyAt(end)]
  const keys = scores.flatMap((score, key) => (score === -Infinity ? [] : [key]))
  const color = (key: number) => inkOf(colorOf(key, data), look)
  const inks = [...new Set(scores.map((_, key) => color(key)))]
  const ofInk = (ink: string) => keys.filter(key => color(key) === ink)
  const x: PlotAxis = {
    ...{ from, to, isLog: false, ticks: [], away: 0, tickLength: 0 },
    ...{ line: null, grid: null, name: null }
  }
  const y = {
    ...{ isLog: false, away: 6, behind: true, tickLength: 0, line: null, grid: null },
    words: { font: look.sans, size: look.size - 1, color: look.faint }
  } as const
  const name = (text: string) => ({ text, away: left - nameAt.x, room: Infinity })
  const place = {
    left,
    width: end - left,
    words: { font: look.sans, size: look.size, color: look.ink }
  }
  return [
    {
      ...{ ...place, top: top + inset, height: scoresHeight - 2 * inset, x },
      y: {
        ...{ ...y, from: logsumexp - (depth || 1), to: logsumexp, name: name('score') },
        ticks: [
          { at: logsumexp, text: numberText(logsumexp), color: look.accent },
          ...(low < logsumexp ? [{ at: low, text: numberText(low) }] : [])
        ]
      },
      series: [
        ...(cell < 3
          ? []
          : [
              {
                ...{ name: 'below logsumexp', shape: 'line', color: look.line, size: 1 },
                x: keys.flatMap(key => [key, key, NaN]),
                y: keys.flatMap(key => [logsumexp, scores[key]!, NaN])
              } satisfies PlotSeries
            ]),
        ...inks.map((ink): PlotSeries => ({
          ...{ name: 'score', shape: 'dashes', color: ink, thick: 3 },
          ...{ x: ofInk(ink), y: ofInk(ink).map(key => scores[key]!) },
          size: Math.max(1, Math.min(cell - 1, 8))
        })),
        {
          ...{ name: 'logsumexp', shape: 'line', color: look.accent, size: 1 },
          ...{ x: [from, to], y: [logsumexp, logsumexp] }
        }
      ]
    },
    {
      ...{ ...place, top: below + inset, height: weightsHeight - inset },
      x: { ...x, line: look.line },
      y: {
        ...{ ...y, from: 0, to: Math.max(most, span?.weight ?? 0) || 1, name: name('weight') },
        ticks: [0, most].map(at => ({ at, text: numberText(at) }))
      },
      series: inks.map((ink): PlotSeries => ({
        ...{ name: 'weight', shape: 'bars', color: ink },
        ...{ x: ofInk(ink), y: ofInk(ink).map(key => weights[key]!) },
        size: Math.max(Math.min(cell, 1), cell * 0.8)
      }))
    }
  ]
}

/** The lowest score that is seen, and how far below the logsumexp there is room. */
function scoreRange({ scores, logsumexp, span }: ScoreRowData) {
  const seen = scores.filter(score => score > -Infinity)
  const low = seen.reduce((least, score) => Math.min(least, score), logsumexp)
  return { low, depth: Math.max(logsumexp - low, span?.depth ?? 0) }
}

function scoreMarks(
  data: ScoreRowData,
  columns: readonly Column[],
  y: number,
  look: Look,
  { width }: Size
): Mark[] {
  const { logsumexp } = data
  const { low, depth } = scoreRange(data)
  const scale = (scoresHeight - 2 * inset) / (depth || 1)
  const yOf = (score: number) => y + inset + (logsumexp - score) * scale
  const end = width - right
  return [
    ...columns.flatMap(({ x, width, score, color }) => {
      if (score === -Infinity) return []
      const middle = x + width / 2
      const ink = inkOf(color, look)
      const thick = Math.max(1, Math.min(width - 1, 8))
      return [
        ...(width >= 3
          ? [filledRect(middle - 0.5, yOf(logsumexp), 1, yOf(score) - yOf(logsumexp), look.line)]
          : []),
        filledRect(middle - thick / 2, yOf(score) - 1.5, thick, 3, ink)
      ]
    }),
    filledRect(left, yOf(logsumexp) - 0.5, end - left, 1, look.accent),
    rowName('score', look, { ...nameAt, y: y + scoresHeight / 2 }),
    behind(numberText(logsumexp), yOf(logsumexp), end, { ...look, faint: look.accent }),
    ...(low < logsumexp ? [behind(numberText(low), yOf(low), end, look)] : [])
  ]
}

function weightMarks(
  { weights, span }: ScoreRowData,
  columns: readonly Column[],
  y: number,
  look: Look,
  { width }: Size
): Mark[] {
  const most = weights.reduce((most, weight) => Math.max(most, weight), 0)
  const scale = (weightsHeight - inset) / (Math.max(most, span?.weight ?? 0) || 1)
  const end = width - right
  const foot = y + weightsHeight
  return [
    ...columns.map(({ x, width, weight, color }) => {
      const own = Math.max(Math.min(width, 1), width * 0.8)
      const height = weight * scale
      return filledRect(x + (width - own) / 2, foot - height, own, height, inkOf(color, look))
    }),
    filledRect(left, foot - 0.5, end - left, 1, look.line),
    rowName('weight', look, { ...nameAt, y: foot - weightsHeight / 2 }),
    behind(numberText(most), foot - most * scale, end, look),
    behind('0', foot, end, look)
  ]
}

function labelMarks(
  { tokens, selected, hovered }: ScoreRowData,
  { cell, xOf }: KeyPlaces,
  y: number,
  look: Look
): Mark[] {
  const spacing = look.size + 3
  const labels = axisLabels(tokens)
  const own = [hovered, selected].filter(key => key !== null && key < tokens.length) as number[]
  const free = labelledCells(0, tokens.length - 1, cell, spacing).filter(key =>
    own.every(other => Math.abs(other - key) * cell >= spacing)
  )
  const told = own.filter((key, i) =>
    own.slice(i + 1).every(other => Math.abs(other - key) * cell >= spacing)
  )
  return [...free, ...told].map(key => {
    const { text, faint } = labels[key]!
    const isOwn = own.includes(key)
    return textMark({
      text: isolated(`${key} ${isolated(text)}`),
      x: xOf(key) + cell / 2,
      y: y + 6,
      align: 'right',
      upright: true,
      font: look.mono,
      size: look.size,
      weight: isOwn ? 700 : 400,
      color: isOwn ? look.accent : faint ? look.faint : look.ink,
      room: mostForLabels - 10
    })
  })
}

/** What the labels of keys take below them. */
function labelRoom(tokens: ScoreRowData['tokens'], { size }: Look): number {
  const widths = axisLabels(tokens).map(({ text }, key) => monoWidth(`${key} ${text}`, size))
  return Math.min(
    mostForLabels,
    Math.ceil(widths.reduce((most, own) => Math.max(most, own), 0)) + 12
  )
}

function inkOf(color: Column['color'], { accent, ink, series }: Look): string {
  return { selected: accent, hovered: ink, plain: series[1]! }[color]
}
