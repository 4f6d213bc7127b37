import { shapeOf, variable, type Dataset } from '../../data/dataset.ts'
import { visibleText } from '../../text/visible-text.ts'
import type { LinePlotData, PlotSeries } from '../line-plot.ts'

/** One number through all checkpoints. */
export interface TimelineLine {
  /** Such as `Head 1.3`; `all` of what is one number a checkpoint. */
  readonly name: string
  /** Null of what is of no layer. */
  readonly layer: number | null
  /** Null of what is of no head. */
  readonly head: number | null
  /** [checkpoint] */
  readonly values: Float64Array
  /** Between which two checkpoints it rises most: the place of the second; null where it never does. */
  readonly rise: number | null
}

/** A line each, or one a layer: the mean of its lines. */
export const timelineGroupings = ['each', 'layer'] as const
export type TimelineGrouping = (typeof timelineGroupings)[number]

/** The steps of a timeline's checkpoints, [checkpoint]. */
export function timelineSteps(result: Dataset): Float64Array {
  const { length } = result.axes['checkpoint']!
  const { data } = variable(result, 'step')
  const each = data.length / length
  return Float64Array.from({ length }, (_, i) => data[i * each]!)
}

/** The numbers that a timeline follows, each by itself. */
export function timelineLines(result: Dataset, by: TimelineGrouping): TimelineLine[] {
  const value = variable(result, 'value')
  const [checkpoints = 0, ...shape] = shapeOf(result, value)
  const axes = value.axes.slice(1)
  const width = value.data.length / Math.max(1, checkpoints)
  const lines = Array.from({ length: width }, (_, cell) => {
    const values = Float64Array.from(
      { length: checkpoints },
      (_, i) => value.data[i * width + cell]!
    )
    return { ...placeOf(result, axes, shape, cell), values, rise: largestRise(values) }
  })
  return by === 'layer' ? byLayer(lines) : lines
}

/** What a cell of the variable's own axes is of. */
function placeOf(
  result: Dataset,
  axes: readonly string[],
  shape: readonly number[],
  cell: number
): Pick<TimelineLine, 'name' | 'layer' | 'head'> {
  const labels = new Map<string, string>()
  let [rest, each] = [cell, shape.reduce((product, length) => product * length, 1)]
  for (const [i, name] of axes.entries()) {
    each /= shape[i]!
    const at = Math.floor(rest / each)
    rest %= each
    labels.set(name, result.axes[name]!.labels?.[at] ?? String(at))
  }
  const number = (name: string) => {
    if (labels.has(name)) return Number(labels.get(name))
    const own = result.variables[name]?.data[cell] ?? NaN
    return Number.isNaN(own) ? null : own
  }
  const [layer, head] = [number('layer'), number('head')]
  const isOfHeads = labels.has('layer') && labels.has('head')
  const words = [
    ...(isOfHeads ? [`Head ${layer}.${head}`] : []),
    ...[...labels].flatMap(([axis, label]) => {
      if (isOfHeads && (axis === 'layer' || axis === 'head')) return []
      return [
        axis === 'tensor' || axis === 'quartile'
          ? visibleText(label)
          : `${axis} ${visibleText(label)}`
      ]
    })
  ]
  return { name: words.join(' · ') || 'all', layer, head }
}

/** The mean of the lines of each layer; what is of no layer stays as it is. */
function byLayer(lines: readonly TimelineLine[]): TimelineLine[] {
  const groups = Map.groupBy(lines, ({ layer }) => layer)
  return [...groups].flatMap(([layer, own]) => {
    if (layer === null) return own
    const values = own[0]!.values.map((_, i) => {
      const finite = own.map(({ values }) => values[i]!).filter(Number.isFinite)
      return finite.reduce((sum, value) => sum + value, 0) / finite.length
    })
    return [{ name: `Layer ${layer}`, layer, head: null, values, rise: largestRise(values) }]
  })
}

function largestRise(values: Float64Array): number | null {
  let found: number | null = null
  let most = 0
  for (let i = 1; i < values.length; i++) {
    const rise = values[i]! - values[i - 1]!
    if (rise > most) [most, found] = [rise, i]
  }
  return found
}

/** How far a line is from its lowest to its highest point. */
function movement({ values }: TimelineLine): number {
  const finite = values.filter(Number.isFinite)
  return finite.length === 0 ? -1 : Math.max(...finite) - Math.min(...finite)
}

/** Lines in colours, where there are more than have one each. */
const mostColored = 4
/** More dots than these run into one another. */
const mostDots = 60

/** Which lines have a colour of their own: few all, of many those that move most. */
function coloredLines(lines: readonly TimelineLine[]): number[] {
  const all = lines.map((_, i) => i)
  if (lines.length <= mostColored + 1) return all
  return all.toSorted((a, b) => movement(lines[b]!) - movement(lines[a]!)).slice(0, mostColored)
}

/**
 * Numbers by step: those that move most in colours over the others, and the selected one over all.
 * @param selected its place among the lines
 * @param words what the numbers are
 */
export function timelinePlot(
  lines: readonly TimelineLine[],
  steps: Float64Array,
  {
    words,
    title,
    log,
    selected = null,
    span = null
  }: {
    readonly words: string
    readonly title: string | null
    /** Whether each step of the axis is a factor: a checkpoint of step 0 has no place then. */
    readonly log: boolean
    readonly selected?: number | null
    readonly span?: LinePlotData['y']['span']
  }
): LinePlotData {
  const colored = coloredLines(lines).filter(at => at !== selected)
  const seriesOf = (at: number, name: string | null, color: PlotSeries['color']): PlotSeries => ({
    ...{ name, color, shape: 'line', width: 0 },
    ...{ x: steps, y: lines[at]!.values }
  })
  const rest = lines.flatMap((_, at) => (at === selected || colored.includes(at) ? [] : [at]))
  const isAlone = lines.length === 1
  const standing = [
    ...colored.map((at, i) =>
      seriesOf(at, isAlone ? null : lines[at]!.name, isAlone ? 'accent' : i)
    ),
    ...(selected === null || !lines[selected]
      ? []
      : [seriesOf(selected, isAlone ? null : lines[selected].name, 'accent')])
  ]
  const dots = standing.map((own): PlotSeries => ({ ...own, name: null, shape: 'dots' }))
  return {
    title,
    x: { name: 'step', log, whole: true, span: null },
    y: { name: words, log: false, whole: false, span },
    series: [
      ...rest.map((at, i) =>
        seriesOf(
          at,
          i === 0 ? `${rest.length} ${rest.length === 1 ? 'other' : 'others'}` : null,
          'faint'
        )
      ),
      ...standing,
      ...(steps.length <= mostDots ? dots : [])
    ],
    lines: []
  }
}
