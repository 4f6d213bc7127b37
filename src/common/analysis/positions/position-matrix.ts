import { axis, type Dataset, type NumberArray } from '../../data/dataset.ts'
import type { Given } from '../analysis.ts'
import type { Matrix } from '../embeddings/embedding-matrix.ts'
import { cosinesOf } from '../embeddings/vectors.ts'
import { principalComponents } from '../principal-components.ts'
import { powerSpectrum } from './power-spectrum.ts'

/** What a matrix of positions tells. */
export const matrixGives: readonly Given[] = [
  { name: 'matrix', axes: ['position', 'dimension'], unit: '', about: 'what each position adds' },
  {
    name: 'adjacent',
    axes: ['pair'],
    unit: '',
    about: 'Pearson correlation of a position’s row and the next one’s'
  },
  {
    name: 'variance',
    axes: ['dimension'],
    unit: '',
    about: 'variance of each dimension over positions'
  },
  { name: 'order', axes: ['dimension'], unit: '', about: 'dimensions by rising variance' },
  {
    name: 'power',
    axes: ['frequency', 'dimension'],
    unit: '',
    about: 'power of each dimension, less its mean, at so many cycles over all positions'
  },
  {
    name: 'peak',
    axes: ['dimension'],
    unit: 'cycles',
    about: 'frequency of highest power of each dimension'
  },
  {
    name: 'cosine',
    axes: ['shown', 'other'],
    unit: '',
    about: 'cosine of the rows of two positions'
  },
  {
    name: 'pca_ratio',
    axes: ['component'],
    unit: '',
    about: 'share of the whole variance along each principal component'
  },
  {
    name: 'pca_scores',
    axes: ['position', 'score'],
    unit: '',
    about: 'each row less the mean, along the first components; of each the largest is positive'
  }
]

/** What is asked of a matrix of positions. */
export interface MatrixParams {
  readonly values: boolean
  readonly components: number
  readonly size: number
}

/** A part of a dataset. */
export interface Part {
  readonly axes: Dataset['axes']
  readonly data: Readonly<Record<string, NumberArray>>
  readonly attributes: Dataset['attributes']
}

/** @param matrix [position, dimension] */
export function matrixPart(
  { rows, width, data }: Matrix,
  { values, components, size }: MatrixParams
): Part {
  const count = Math.min(components, rows, width)
  const { ratio, scores } = principalComponents(data, [rows, width], { count })
  const variance = columnVariances(data, width)
  const power = powerSpectrum(data, width)
  const step = Math.ceil(rows / size)
  const shown = Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step)
  const labels = step === 1 ? shown.length : shown.map(String)
  return {
    axes: {
      position: axis(rows),
      dimension: axis(width),
      pair: axis(Math.max(0, rows - 1)),
      frequency: axis(power.length / width),
      shown: axis(labels),
      other: axis(labels),
      component: axis(ratio.length),
      score: axis(Array.from({ length: count }, (_, i) => `PC ${i + 1}`))
    },
    data: {
      ...(values && { matrix: data }),
      adjacent: Float64Array.from({ length: Math.max(0, rows - 1) }, (_, i) =>
        correlation(
          data.subarray(i * width, (i + 1) * width),
          data.subarray((i + 1) * width, (i + 2) * width)
        )
      ),
      variance,
      order: Int32Array.from([...variance.keys()].sort((a, b) => variance[a]! - variance[b]!)),
      power,
      peak: peaks(power, width),
      cosine: cosinesOf(shown.map(row => data.subarray(row * width, (row + 1) * width))),
      pca_ratio: ratio,
      pca_scores: scores
    },
    attributes: step === 1 ? {} : { cosine_of: `one position in ${step}` }
  }
}

function columnVariances(data: Float32Array, width: number): Float64Array {
  const rows = data.length / width
  return Float64Array.from({ length: width }, (_, column) => {
    let sum = 0
    for (let at = column; at < data.length; at += width) sum += data[at]!
    const mean = sum / rows
    let squares = 0
    for (let at = column; at < data.length; at += width) squares += (data[at]! - mean) ** 2
    return squares / rows
  })
}

/** Where each column is largest, the lowest of equal ones. @param power [frequency, column] */
function peaks(power: Float64Array, width: number): Int32Array {
  return Int32Array.from({ length: width }, (_, column) => {
    let best = 0
    for (let k = 1; k * width < power.length; k++)
      if (power[k * width + column]! > power[best * width + column]!) best = k
    return best
  })
}

/** Pearson's; NaN where one does not vary. */
function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (x: Float32Array) => x.reduce((sum, value) => sum + value, 0) / x.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB]
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return ab / Math.sqrt(aa * bb)
}
