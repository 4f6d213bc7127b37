import { depthScores, sideColor, type DepthScoresData } from '../../depth-scores.ts'
import { lineColorOf } from '../../line-plot-parts.ts'
import { linePlot, type PlotSeries, type LinePlotData } from '../../line-plot.ts'
import { curveName, offsetCurve, type OffsetCurveData } from '../../offset-curve.ts'
import { along, stacked, type Numbers, type Plot, type PlottedKind, type Said } from '../plot.ts'

/** What is drawn of a series, and by which arrays. */
type DrawnSeries = Readonly<Record<string, Said>>

const plainAxis = { name: '', log: false, span: null, start: null } as const

export const linePlotPlot: PlottedKind<LinePlotData> = {
  kind: linePlot,
  plot({ title, x, y, series, lines }, look) {
    const axis = ({ name, log, span, start }: typeof x): Said => ({
      ...{ name, log, span: span && [span.low, span.high] },
      start: start === undefined ? null : [start.at, start.text]
    })
    const { numbers, places } = arraysOf(series)
    return {
      form: 'lines',
      numbers,
      said: {
        ...{ title, x: axis(x), y: axis(y), faint: look.faint },
        series: series.map(({ name, shape, color, width }, i): DrawnSeries => ({
          ...{ name, shape, width, color: lineColorOf(color, look), ...places[i]! },
          ...(color === 'faint' && { opacity: 0.6 })
        })),
        lines: lines.map(({ name, axis, at }): Said => ({ name, axis, at }))
      }
    }
  }
}

/**
 * Arrays of series: series that stand at the same places are rows of one.
 * @returns each by its name, and of each series the names of its own with its row, null where it has no other
 */
function arraysOf(series: readonly PlotSeries[]) {
  const numbers: Record<string, Numbers> = {}
  const places: Record<string, Said>[] = []
  const groups = new Map<string, number[]>()
  series.forEach(({ x, shape }, i) => {
    const key = `${shape === 'boxes' ? i : ''} ${Array.from(x).join()}`
    groups.set(key, [...(groups.get(key) ?? []), i])
  })
  let group = 0
  for (const own of groups.values()) {
    const suffix = groups.size === 1 ? '' : `_${group++}`
    const all = own.map(i => series[i]!)
    numbers[`x${suffix}`] = along(all[0]!.x)
    numbers[`y${suffix}`] = own.length === 1 ? along(all[0]!.y) : stacked(all.map(({ y }) => y))
    const { spread } = all[0]!
    if (spread !== undefined) {
      const { min: low, q1, q3, max: high } = spread
      for (const [name, own] of Object.entries({ low, q1, q3, high }))
        numbers[`${name}${suffix}`] = along(own)
    }
    own.forEach((i, row) => {
      places[i] = {
        ...{ x: `x${suffix}`, y: `y${suffix}`, row: own.length === 1 ? null : row },
        spread: spread === undefined ? null : suffix
      }
    })
  }
  return { numbers, places }
}

export const offsetCurvePlot: PlottedKind<OffsetCurveData> = {
  kind: offsetCurve,
  plot: ({ title, quantity, values, uniform, best }, look) => ({
    form: 'lines',
    numbers: {
      x: along(values.map((_, offset) => offset)),
      y_values: along(values),
      ...(uniform !== null && { y_uniform: along(uniform) })
    },
    said: {
      ...{ title, faint: look.faint, lines: [] },
      x: { ...plainAxis, name: 'tokens back' },
      y: { ...plainAxis, name: curveName(quantity), zero: true },
      series: [
        ...(uniform === null ? [] : [curve('uniform', look.faint, 'dashed')]),
        curve('values', look.accent, 'solid')
      ],
      points: best === null ? [] : [[best, values[best]!, String(best), look.accent]]
    }
  })
}

function curve(own: string, color: string, dash: string): DrawnSeries {
  return { name: null, shape: 'line', color, dash, x: 'x', y: `y_${own}`, row: null }
}

export const depthScoresPlot: PlottedKind<DepthScoresData> = {
  kind: depthScores,
  plot({ title, name, sides }, look): Plot {
    const numbers: Record<string, Numbers> = {}
    const series = sides.flatMap(({ name, layers }, i): DrawnSeries[] => {
      const color = sideColor(look, i)
      const depths = layers.flatMap(({ depth, values }) => values.map(() => depth))
      numbers[`x_${i}`] = along(depths)
      numbers[`y_${i}`] = along(layers.flatMap(({ values }) => values))
      const own = { color, row: null, x: `x_${i}`, y: `y_${i}` }
      return [
        { ...own, name, shape: 'dots', sign: i % 2 === 0 ? 'o' : 'D' },
        { ...own, name: `${name}: mean`, shape: 'line', of: 'mean', dash: 'solid' },
        { ...own, name: `${name}: highest`, shape: 'line', of: 'max', dash: 'dashed' }
      ]
    })
    return {
      form: 'lines',
      numbers,
      said: {
        ...{ title, series, faint: look.faint },
        x: { ...plainAxis, name: 'depth: 0 is the first layer, 1 the last', span: [0, 1] },
        y: { ...plainAxis, name, zero: true },
        lines: sides.flatMap(({ baseline }, i) =>
          baseline === null
            ? []
            : [{ name: 'uniform attention', axis: 'y', at: baseline, color: sideColor(look, i) }]
        )
      }
    }
  }
}
