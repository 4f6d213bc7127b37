import { z } from 'zod'

const Axis = z.object({
  name: z.string(),
  /** Each step is a factor; what is not above zero is left out. */
  log: z.boolean().default(false),
  /** Its ticks are whole numbers. */
  whole: z.boolean().optional(),
  /** A place that has a word in place of its number, before all ticks. */
  start: z.object({ at: z.number(), text: z.string() }).exactOptional(),
  /** What the axis has at least room for. */
  span: z.object({ low: z.number(), high: z.number() }).nullable().default(null)
})

const Numbers = z.custom<Float64Array>(value => value instanceof Float64Array, 'expected float64')

const Series = z.object({
  /** Null of what needs none. */
  name: z.string().nullable(),
  shape: z.enum(['line', 'dots', 'bars', 'boxes']),
  /** Of the look: its accent, what is faint, that of bars, or one of those that are told apart. */
  color: z.enum(['accent', 'faint', 'bar']).or(z.int().min(0)),
  /** Of bars the left edge, else the place. */
  x: Numbers,
  /** NaN where there is none: a line ends there. Of boxes the median. */
  y: Numbers,
  /** How wide a bar or a box is. */
  width: z.number().default(0),
  /** Of boxes: what they and their whiskers reach to, one of each for each of them. */
  spread: z.object({ min: Numbers, q1: Numbers, q3: Numbers, max: Numbers }).exactOptional()
})

/** More than are told apart, and than are drawn in a moment. */
const most = { series: 5000, points: 1_000_000, lines: 200 } as const

function hasAllOfEach({ x, y, spread }: z.output<typeof Series>): boolean {
  const others = [y, ...(spread ? [spread.min, spread.q1, spread.q3, spread.max] : [])]
  return x.length <= most.points && others.every(({ length }) => length === x.length)
}

/** Numbers by numbers: lines, dots, bars and boxes over one pair of axes. */
export const LinePlotData = z
  .object({
    title: z.string().nullable(),
    x: Axis,
    y: Axis,
    series: z.array(Series).max(most.series).readonly(),
    /** Values that are named. */
    lines: z
      .array(
        z.object({
          name: z.string(),
          axis: z.enum(['x', 'y']),
          at: z.number(),
          /** Of a value of y where its name stands; above it when left out. */
          side: z.enum(['above', 'below']).exactOptional()
        })
      )
      .max(most.lines)
      .readonly()
      .default([])
  })
  .refine(({ series }) => series.every(hasAllOfEach), 'expected as many numbers along both axes')
export type LinePlotData = z.output<typeof LinePlotData>
export type PlotSeries = LinePlotData['series'][number]
