import { quartiles } from '../quantiles.ts'
import { kolmogorovExceeded } from './kolmogorov-distribution.ts'
import { kolmogorovStatistics } from './kolmogorov-statistic.ts'

/** What the numbers of a tensor are like; of those that are finite where there are others, NaN where nothing is defined. */
export interface TensorStatistics {
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly max: number
  /** Standard deviations: √(Σ (x − mean)² / n), and over n − 1. */
  readonly std: number
  readonly std1: number
  readonly norm: number
  readonly skewness: number
  readonly kurtosis: number
  /** Share of them that is 0. */
  readonly zeros: number
  readonly nan: number
  readonly infinite: number
  readonly ks: number
  readonly ksP: number
  readonly ks1: number
  /** Of a matrix; of another tensor null. */
  readonly sides: { readonly rows: SideStatistics; readonly columns: SideStatistics } | null
}

/** What the rows of a matrix are like, or its columns; NaN for one that holds what is not finite. */
export interface SideStatistics {
  readonly norms: Float64Array
  /** Σ (x − mean)² / n of each. */
  readonly variances: Float64Array
}

/**
 * @param shape of two axes for a matrix, else of any
 * @source moments as SciPy's skew and kurtosis give them, biased: m₃/m₂^1.5 and m₄/m₂² − 3
 */
export function tensorStatistics(data: Float32Array, shape: readonly number[]): TensorStatistics {
  // Squares of float32 numbers and their sums stay within the range of float64.
  const sums = sumsOf(data)
  const isFinite = Number.isFinite(sums.square)
  const finite = isFinite ? data : data.filter(Number.isFinite)
  const nan = isFinite ? 0 : data.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
  const n = finite.length
  const { sum, square, min, max, zeros } = isFinite ? sums : sumsOf(finite)
  const mean = sum / n
  const [m2, m3, m4] = centralMoments(finite, mean)
  // What rounding leaves of numbers that are all equal.
  const isConstant = min === max
  const std = isConstant ? 0 : Math.sqrt(m2)
  const std1 = n > 1 ? std * Math.sqrt(n / (n - 1)) : NaN
  const [ks = NaN, ks1 = NaN] = kolmogorovStatistics(finite, mean, [std, std1])
  const [rows = 0, columns = 0] = shape
  return {
    count: data.length,
    mean,
    min: n > 0 ? min : NaN,
    max: n > 0 ? max : NaN,
    std: n > 0 ? std : NaN,
    std1,
    // Of no numbers 0; of none that is finite nothing.
    norm: n > 0 || data.length === 0 ? Math.sqrt(square) : NaN,
    skewness: isConstant ? NaN : m3 / m2 ** 1.5,
    kurtosis: isConstant ? NaN : m4 / m2 ** 2 - 3,
    zeros: zeros / n,
    nan,
    infinite: data.length - n - nan,
    ks,
    ksP: kolmogorovExceeded(ks, n),
    ks1,
    sides: shape.length === 2 ? sidesOf(data, rows, columns) : null
  }
}

/** Numbers whose sums are added up by themselves, so that rounding does not grow with their count. */
const block = 4096

function sumsOf(data: Float32Array) {
  let [sum, square, zeros] = [0, 0, 0]
  let [min, max] = [Infinity, -Infinity]
  for (let start = 0; start < data.length; start += block) {
    let [ownSum, ownSquare] = [0, 0]
    const end = Math.min(data.length, start + block)
    for (let i = start; i < end; i++) {
      const value = data[i]!
      ownSum += value
      ownSquare += value * value
      if (value < min) min = value
      if (value > max) max = value
      if (value === 0) zeros++
    }
    sum += ownSum
    square += ownSquare
  }
  return { sum, square, min, max, zeros }
}

function centralMoments(data: Float32Array, mean: number): readonly [number, number, number] {
  let [all2, all3, all4] = [0, 0, 0]
  for (let start = 0; start < data.length; start += block) {
    let [m2, m3, m4] = [0, 0, 0]
    const end = Math.min(data.length, start + block)
    for (let i = start; i < end; i++) {
      const difference = data[i]! - mean
      const square = difference * difference
      m2 += square
      m3 += square * difference
      m4 += square * square
    }
    all2 += m2
    all3 += m3
    all4 += m4
  }
  return [all2 / data.length, all3 / data.length, all4 / data.length]
}

function sidesOf(data: Float32Array, rows: number, columns: number) {
  const side = (length: number) => ({
    means: new Float64Array(length),
    squares: new Float64Array(length),
    variances: new Float64Array(length)
  })
  const [row, column] = [side(rows), side(columns)]
  for (let r = 0, at = 0; r < rows; r++) {
    let [sum, square] = [0, 0]
    for (let c = 0; c < columns; c++, at++) {
      const value = data[at]!
      sum += value
      square += value * value
      column.means[c]! += value
      column.squares[c]! += value * value
    }
    row.means[r] = sum / columns
    row.squares[r] = square
  }
  for (let c = 0; c < columns; c++) column.means[c]! /= rows
  for (let r = 0, at = 0; r < rows; r++) {
    const mean = row.means[r]!
    let sum = 0
    for (let c = 0; c < columns; c++, at++) {
      const value = data[at]!
      sum += (value - mean) * (value - mean)
      column.variances[c]! += (value - column.means[c]!) * (value - column.means[c]!)
    }
    row.variances[r] = sum / columns
  }
  for (let c = 0; c < columns; c++) column.variances[c]! /= rows
  // In place: a matrix may be as high as it holds numbers.
  const found = ({ squares, variances }: ReturnType<typeof side>): SideStatistics => {
    for (let i = 0; i < squares.length; i++) {
      squares[i] = finiteOr(Math.sqrt(squares[i]!))
      variances[i] = finiteOr(variances[i]!)
    }
    return { norms: squares, variances }
  }
  return { rows: found(row), columns: found(column) }
}

function finiteOr(value: number): number {
  return Number.isFinite(value) ? value : NaN
}

/**
 * How far each number is from the others: 0.6745 (x − median) / the median of the distances to it.
 * @returns NaN where more than half of them are equal
 * @source Iglewicz & Hoaglin 1993, the modified z-score; beyond 3.5 they call a number an outlier
 */
export function modifiedZScores(numbers: Float64Array): Float64Array {
  const medianOf = (of: Float64Array) => quartiles(of)[2]!
  const median = medianOf(numbers)
  const spread = medianOf(numbers.map(value => Math.abs(value - median)))
  return numbers.map(value => (spread > 0 ? (0.6745 * (value - median)) / spread : NaN))
}

/** The places of the numbers of largest magnitude, the largest first; of equal ones the first. None that is NaN. */
export function largestPlaces(numbers: Float64Array, count: number): number[] {
  const found: number[] = []
  const sizeOf = (at: number) => Math.abs(numbers[at]!)
  for (let at = 0; at < numbers.length && count > 0; at++) {
    const size = sizeOf(at)
    const isAmong = found.length < count ? !Number.isNaN(size) : size > sizeOf(found.at(-1)!)
    if (!isAmong) continue
    const before = found.findLastIndex(other => sizeOf(other) >= size)
    found.splice(before + 1, 0, at)
    if (found.length > count) found.pop()
  }
  return found
}

/**
 * How many numbers lie in each of some ranges of equal width from `min` to `max`: from where a range begins on, before where it
 * ends; the last holds `max`.
 * @source NumPy's histogram, which looks at the edges, too: numbers of few digits lie on them
 */
export function histogram(
  data: Float32Array,
  min: number,
  max: number,
  bins: number
): Float64Array {
  const counts = new Float64Array(bins)
  if (!(max >= min)) return counts.fill(NaN)
  const edges = histogramEdges(min, max, bins)
  const scale = max > min ? bins / (max - min) : 0
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!
    if (!Number.isFinite(value)) continue
    let bin = Math.min(bins - 1, Math.floor((value - min) * scale))
    if (value < edges[bin]!) bin--
    else if (scale > 0 && bin < bins - 1 && value >= edges[bin + 1]!) bin++
    counts[bin]!++
  }
  return counts
}

/** Where the ranges begin, and where the last ends. */
export function histogramEdges(min: number, max: number, bins: number): Float64Array {
  return Float64Array.from({ length: bins + 1 }, (_, i) => min + ((max - min) * i) / bins)
}
