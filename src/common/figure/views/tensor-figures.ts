import type { Pooling } from '../../analysis/pool.ts'
import { variable, type Dataset } from '../../data/dataset.ts'
import { exactCount, numberText, percentText } from '../../text/number-text.ts'
import type { LinePlotData } from '../line-plot.ts'
import { rangeOf, spanning } from '../heat-map-pixels.ts'
import type { ValueRange } from '../value-scale.ts'
import type { WeightMapData } from '../weight-map.ts'

/** The map that `tensor-map` comes to. */
export function weightMapOf(result: Dataset, title: string | null): WeightMapData {
  const side = (name: 'row' | 'column') => ({
    from: single(result, `first_${name}`),
    to: single(result, `${name}s_to`),
    each: single(result, `${name}s_each`)
  })
  return {
    title,
    name: 'weight',
    rows: side('row'),
    columns: side('column'),
    values: variable(result, 'map').data as Float32Array
  }
}

/** As far below zero as above, to the number of some maps that is furthest from it. */
export function weightRange(results: readonly Dataset[]): ValueRange {
  const own = results
    .map(result => ({ low: single(result, 'low'), high: single(result, 'high') }))
    .filter(({ low }) => !Number.isNaN(low))
  return own.length === 0 ? { low: -1, high: 1 } : rangeOf(spanning(own), 'difference')
}

/** What cells are where they are of several weights, in words; null where each is one. */
export function pooledWords(
  { rows, columns }: Pick<WeightMapData, 'rows' | 'columns'>,
  pooling: Pooling
): string | null {
  if (rows.each * columns.each === 1) return null
  const what = pooling === 'mean' ? 'the mean' : 'the one furthest from zero'
  return `each cell ${what} of ${rows.each} × ${columns.each} weights`
}

const plain = { log: false, whole: false, span: null }

/** How many numbers lie where, with the normal distribution of their mean and deviation: of one tensor's statistics. */
export function histogramPlot(result: Dataset, title: string | null): LinePlotData {
  const edges = Float64Array.from(variable(result, 'edges').data)
  const counts = Float64Array.from(variable(result, 'histogram').data)
  const normal = Float64Array.from(variable(result, 'normal').data)
  const width = (edges[1] ?? 0) - (edges[0] ?? 0)
  const middles = normal.map((_, i) => edges[i]! + width / 2)
  return {
    title,
    x: { ...plain, name: 'weight' },
    y: { ...plain, name: 'weights' },
    series: [
      { name: 'weights', shape: 'bars', color: 'bar', x: edges.slice(0, -1), y: counts, width },
      {
        name: 'normal of this mean and sd',
        shape: 'line',
        color: 'accent',
        x: middles,
        y: normal,
        width: 0
      }
    ],
    lines: []
  }
}

/** Points of a line that are drawn: of more, neighbours become one. */
const mostPoints = 600

/** The norm of each row, or of each column, of one matrix: of many neighbours the largest and the smallest. */
export function normsPlot(
  result: Dataset,
  of: 'row' | 'column',
  title: string | null
): LinePlotData | null {
  if (!(`${of}_norm` in result.variables)) return null
  const norms = variable(result, `${of}_norm`).data
  const each = Math.ceil(norms.length / mostPoints)
  const groups = Array.from({ length: Math.ceil(norms.length / each) }, (_, i) =>
    Array.from(norms.subarray(i * each, (i + 1) * each))
  )
  const x = Float64Array.from(groups, (_, i) => i * each)
  const line = (y: Float64Array, name: string | null, color: 'accent' | 'faint') =>
    ({ ...{ name, color, x, y, width: 0 }, shape: 'line' }) as const
  const most = Float64Array.from(groups, own => Math.max(...own))
  return {
    title,
    x: { ...plain, whole: true, name: of },
    y: { ...plain, name: 'norm' },
    series:
      each === 1
        ? [line(most, null, 'accent')]
        : [
            line(
              Float64Array.from(groups, own => Math.min(...own)),
              `smallest of ${each}`,
              'faint'
            ),
            line(most, `largest of ${each}`, 'accent')
          ],
    lines: []
  }
}

/** The singular values of one matrix, the largest first, with where chance ends and where the power law begins. */
export function spectrumPlot(result: Dataset, title: string | null): LinePlotData {
  const values = Float64Array.from(variable(result, 'singular_values').data)
  const places = values.map((_, i) => i + 1)
  const edge = single(result, 'bulk_upper')
  const [alpha, xmin] = [single(result, 'alpha'), single(result, 'xmin')]
  return {
    title,
    x: { ...plain, whole: true, name: 'singular value, the largest first' },
    y: { ...plain, log: true, name: 'σ' },
    series: [{ name: null, shape: 'line', color: 'accent', x: places, y: values, width: 0 }],
    lines: [
      ...(edge > 0
        ? [{ axis: 'y' as const, at: edge, name: `chance ends at ${numberText(edge)}` }]
        : []),
      ...(xmin > 0
        ? [
            {
              axis: 'x' as const,
              at: values.filter(value => value * value >= xmin * (1 - 1e-12)).length,
              name: `← power law, α ${numberText(alpha)}`
            }
          ]
        : [])
    ]
  }
}

/** Which share of the sum of squares the first singular values have together. */
export function cumulativePlot(result: Dataset, title: string | null): LinePlotData {
  const y = Float64Array.from(variable(result, 'cumulative').data)
  return sharePlot(y, 'singular values taken together', 'share of ‖W‖²', title)
}

/** What the first have together, the largest first, and by how many it is nine tenths. */
function sharePlot(
  y: Float64Array,
  what: string,
  share: string,
  title: string | null
): LinePlotData {
  const reached = y.findIndex(share => share >= 0.9) + 1
  return {
    title,
    x: { ...plain, whole: true, name: what },
    y: { ...plain, name: share, span: { low: 0, high: 1 } },
    series: [
      { name: null, shape: 'line', color: 'accent', x: y.map((_, i) => i + 1), y, width: 0 }
    ],
    lines: reached > 0 ? [{ axis: 'x', at: reached, name: `90 % by ${exactCount(reached)}` }] : []
  }
}

/** Dots that are drawn: of more rows some, evenly spaced. */
const mostDots = 4000

/** Where the rows of one matrix lie along its first two components. */
export function componentsPlot(result: Dataset, title: string | null): LinePlotData {
  const { data } = variable(result, 'pca_scores')
  const width = result.axes['scored']!.length
  const rows = data.length / width
  const drawn = Math.min(rows, mostDots)
  const places = Array.from({ length: drawn }, (_, i) => Math.floor((i * rows) / drawn))
  const along = (component: number) =>
    Float64Array.from(places, row => data[row * width + component] ?? NaN)
  const named = (component: number, name: string) => {
    const share = variable(result, 'pca_ratio').data[component] ?? NaN
    return { ...plain, name: `${name}, ${percentText(share)} of variance` }
  }
  return {
    title,
    x: named(0, 'first'),
    y: named(1, 'second'),
    series: [
      {
        name:
          drawn < rows ? `${exactCount(drawn)} of ${exactCount(rows)} rows, evenly spaced` : null,
        ...{ shape: 'dots', color: 'accent', x: along(0), y: along(1), width: 0 }
      }
    ],
    lines: []
  }
}

/** Which share of the variance of the rows of one matrix the first components have together. */
export function componentsSharePlot(result: Dataset, title: string | null): LinePlotData {
  const y = Float64Array.from(variable(result, 'pca_cumulative').data)
  return sharePlot(y, 'components taken together', 'share of the variance of rows', title)
}

/** A number that a result has one of. */
export function single(result: Dataset, name: string): number {
  return variable(result, name).data[0] ?? NaN
}
