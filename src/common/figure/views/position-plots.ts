import type { z } from 'zod'
import { variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { rotaryFrequencies } from '../../model/rotary.ts'
import { percentText } from '../../text/number-text.ts'
import { LinePlotData, type PlotSeries } from '../line-plot.ts'
import {
  matrixShape,
  rotaryOf,
  trainedLength,
  type PositionForm,
  type PositionPlot
} from './position-forms.ts'

/** Heads whose biases are drawn, evenly from all. */
const mostHeads = 6

/** The dimensions of the lowest, a middle and the highest variance over positions. */
export function pickedDimensions(result: Dataset): { dimension: number; name: string }[] {
  const order = variable(result, 'order').data
  const at = (place: number, name: string) => ({ dimension: order[place]!, name })
  const picked = [
    at(order.length - 1, 'most variance'),
    at(Math.floor(order.length / 2), 'median'),
    at(0, 'least')
  ]
  return picked.filter(
    ({ dimension }, i) => picked.findIndex(other => other.dimension === dimension) === i
  )
}

/** The picked dimensions and those that are asked for, with a colour each. */
function drawnDimensions(result: Dataset, asked: readonly number[]) {
  const picked = pickedDimensions(result)
  const more = asked.filter(own => picked.every(({ dimension }) => dimension !== own))
  return [
    ...picked.map(({ dimension, name }) => ({ dimension, name: `${dimension}, ${name}` })),
    ...more.map(dimension => ({ dimension, name: String(dimension) }))
  ]
}

/** What of positions is drawn as a plot, beside their numbers. */
export interface PlottedPositions {
  /** Dimensions besides those that are picked. */
  readonly dimensions: readonly number[]
  /** Tokens of the longest text of training, where that is said by hand. */
  readonly trained: number | null
  /** Of the longest text that the model takes. */
  readonly nCtx: number
}

/** Of each form the variables that it draws. */
const drawnIn: Readonly<Record<PositionForm, readonly string[]>> = {
  matrix: ['matrix'],
  similarity: ['cosine'],
  table: ['relative_table'],
  curves: ['matrix'],
  spectrum: ['power', 'power_mean'],
  components: ['pca_scores'],
  neighbours: ['adjacent'],
  wavelengths: ['wavelength', 'wavelength_unscaled'],
  frequencies: ['inv_freq', 'inv_freq_unscaled'],
  decay: ['decay'],
  slopes: ['slopes'],
  biases: ['relative', 'bias']
}

/**
 * The numbers of positions, with those that are drawn beside them: the mean of all spectra, and what pairs have without scaling.
 * @param form that is drawn of them
 */
export function positionNumbers(result: Dataset, form: PositionForm): Dataset {
  const { power, inv_freq: frequencies, wavelength } = result.variables
  const more: Dataset['variables'] = {}
  if (power) {
    const about = 'mean over the dimensions'
    more['power_mean'] = { ...power, axes: power.axes.slice(0, 1), data: meanPower(result), about }
  }
  const plain = unscaledFrequencies(result)
  for (const [name, own, of] of [
    ['inv_freq_unscaled', frequencies, (frequency: number) => frequency],
    ['wavelength_unscaled', wavelength, wavelengthOf]
  ] as const)
    if (plain && own) {
      const data = Float64Array.from(plain, of)
      more[name] = { ...own, data, about: 'as it is without scaling' }
    }
  const whole = { ...result, variables: { ...result.variables, ...more } }
  return withDrawn(whole, drawnIn[form])
}

/** The mean spectrum of all dimensions, by cycles. */
function meanPower(result: Dataset): Float64Array {
  const { width } = matrixShape(result)!
  const power = variable(result, 'power').data
  return Float64Array.from({ length: power.length / width }, (_, k) => {
    let sum = 0
    for (let d = 0; d < width; d++) sum += power[k * width + d]!
    return sum / width
  })
}

/** What each pair that turns would have without scaling; null where there is none. */
function unscaledFrequencies(result: Dataset): ArrayLike<number> | null {
  const rotary = rotaryOf(result)
  if (rotary === null || rotary.scaling.type === 'none') return null
  return rotaryFrequencies({ ...rotary, scaling: { type: 'none' } }, 1)
}

const wavelengthOf = (frequency: number) => (2 * Math.PI) / frequency

/** A chart of a form that is none of the maps. */
export function positionPlot(
  result: Dataset,
  form: PositionPlot,
  { dimensions: asked, trained: byHand, nCtx }: PlottedPositions
): LinePlotData {
  const plot = (data: Omit<z.input<typeof LinePlotData>, 'title'>) =>
    LinePlotData.parse({ title: null, ...data })
  const of = (name: string) => variable(result, name).data
  const trained = trainedLength(result, byHand)?.tokens ?? Infinity
  const trainedLines = (axis: 'x' | 'y', most: number) =>
    trained < most ? [{ name: 'the training length', axis, at: trained }] : []
  switch (form) {
    case 'curves': {
      const { rows, width } = matrixShape(result)!
      const matrix = of('matrix')
      return plot({
        x: { name: 'position' },
        y: { name: 'what it adds' },
        series: drawnDimensions(result, asked).map(({ dimension, name }, i) =>
          line(name, i, rows, row => matrix[row * width + dimension]!)
        ),
        lines: trainedLines('x', rows)
      })
    }
    case 'spectrum': {
      const { width } = matrixShape(result)!
      const power = of('power')
      const count = power.length / width
      const mean = meanPower(result)
      // Without the mean, which is subtracted.
      const from = (value: (k: number) => number) => (i: number) => value(i + 1)
      const series = [
        line(
          'mean of all dimensions',
          'faint',
          count - 1,
          from(k => mean[k]!),
          1
        ),
        ...drawnDimensions(result, asked).map(({ dimension, name }, i) =>
          line(
            name,
            i,
            count - 1,
            from(k => power[k * width + dimension]!),
            1
          )
        )
      ]
      return plot({
        x: { name: 'cycles over all positions' },
        y: { name: 'power', log: true },
        series
      })
    }
    case 'components': {
      const scores = of('pca_scores')
      const labels = result.axes['score']!.labels ?? []
      const ratio = of('pca_ratio')
      return plot({
        x: { name: 'position' },
        y: { name: 'score' },
        series: labels.map((label, i) =>
          line(
            `${label} (${percentText(ratio[i]!)})`,
            i,
            scores.length / labels.length,
            row => scores[row * labels.length + i]!
          )
        ),
        lines: trainedLines('x', scores.length / labels.length)
      })
    }
    case 'neighbours': {
      const adjacent = of('adjacent')
      return plot({
        x: { name: 'position' },
        y: { name: 'correlation with the next', span: { low: 0, high: 1 } },
        series: [line(null, 'accent', adjacent.length, i => adjacent[i]!)],
        lines: trainedLines('x', adjacent.length + 1)
      })
    }
    case 'wavelengths':
      return plot({
        x: { name: 'pair of dimensions', whole: true },
        y: { name: 'wavelength, in positions', log: true },
        series: ofPairs(result, 'wavelength', wavelengthOf),
        lines: [
          { name: 'the longest text', axis: 'y', at: nCtx },
          ...trainedLines('y', nCtx).map(line => ({ ...line, side: 'below' as const }))
        ]
      })
    case 'frequencies':
      return plot({
        x: { name: 'pair of dimensions', whole: true },
        y: { name: 'radians from a position to the next', log: true },
        series: ofPairs(result, 'inv_freq', frequency => frequency)
      })
    case 'decay': {
      const decay = of('decay')
      return plot({
        x: { name: 'distance, in tokens' },
        y: { name: 'mean cosine of the turns' },
        series: [line(null, 'accent', decay.length, i => decay[i]!)],
        lines: [{ name: 'zero', axis: 'y', at: 0 }, ...trainedLines('x', decay.length)]
      })
    }
    case 'slopes': {
      const slopes = of('slopes')
      return plot({
        x: { name: 'head', whole: true },
        y: { name: 'slope', log: true },
        series: dotted(line(null, 'accent', slopes.length, i => slopes[i]!))
      })
    }
    case 'biases': {
      // Where keys after the query have biases of their own, both sides are drawn.
      const isRelative = 'relative' in result.variables
      const bias = of(isRelative ? 'relative' : 'bias')
      const heads = result.axes['head']!.length
      const distances = bias.length / heads
      const first = isRelative ? -(distances - 1) / 2 : 0
      const some = Array.from({ length: Math.min(mostHeads, heads) }, (_, i) =>
        Math.round((i * (heads - 1)) / Math.max(1, Math.min(mostHeads, heads) - 1))
      )
      return plot({
        x: { name: isRelative ? 'tokens behind the query' : 'tokens back' },
        y: { name: 'added to the score' },
        series: some.map((head, i) =>
          line(`head ${head}`, i, distances, at => bias[head * distances + at]!, first)
        )
      })
    }
  }
}

/** What each pair that turns has, and what it would have without scaling, where there is some. */
function ofPairs(result: Dataset, name: string, of: (frequency: number) => number): PlotSeries[] {
  const { data } = variable(result, name)
  const plain = unscaledFrequencies(result)
  const own = dotted(line(plain ? 'as scaled' : null, 'accent', data.length, i => data[i]!))
  if (!plain) return own
  return [line('without scaling', 0, plain.length, i => of(plain[i]!)), ...own]
}

/** Each number as a dot, on a faint line. */
function dotted(series: PlotSeries): PlotSeries[] {
  return [
    { ...series, name: null, color: 'faint' },
    { ...series, shape: 'dots' }
  ]
}

function line(
  name: string | null,
  color: PlotSeries['color'],
  count: number,
  of: (i: number) => number,
  first = 0
): PlotSeries {
  return {
    ...{ name, color, shape: 'line', width: 0 },
    x: Float64Array.from({ length: count }, (_, i) => i + first),
    y: Float64Array.from({ length: count }, (_, i) => of(i))
  }
}
