import { largest } from '../softmax.ts'
import type { Matrix } from './embedding-matrix.ts'

/** The mean of some rows. @returns [width] */
export function meanOfRows({ width, data }: Matrix, rows: Iterable<number>): Float64Array {
  const sum = new Float64Array(width)
  let count = 0
  for (const row of rows) {
    const start = row * width
    for (let i = 0; i < width; i++) sum[i]! += data[start + i]!
    count++
  }
  return sum.map(value => value / count)
}

/** The mean of all rows. @returns [width] */
export function meanRow(matrix: Matrix): Float64Array {
  return meanOfRows(matrix, Array(matrix.rows).keys())
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** A vector of length 1 along another; of one of length 0 NaN. */
export function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector))
  return vector.map(value => value / length)
}

/** Products of each row of a matrix, in float64. */
export interface RowProducts {
  /** With each vector: [row] each. */
  readonly with: readonly Float64Array[]
  /** With itself: [row]. */
  readonly squares: Float64Array
}

/** @param vectors [width] each */
export function rowProducts(
  { rows, width, data }: Matrix,
  vectors: readonly Float64Array[]
): RowProducts {
  const squares = new Float64Array(rows)
  const products = vectors.map(() => new Float64Array(rows))
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * width, (row + 1) * width)
    squares[row] = product(own, own)
    for (let v = 0; v < vectors.length; v++) products[v]![row] = product(own, vectors[v]!)
  }
  return { with: products, squares }
}

/** Four sums at a time: one waits for the addition before. */
function product(a: Float32Array, b: Float32Array | Float64Array): number {
  const { length } = a
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  let i = 0
  for (; i + 3 < length; i += 4) {
    s0 += a[i]! * b[i]!
    s1 += a[i + 1]! * b[i + 1]!
    s2 += a[i + 2]! * b[i + 2]!
    s3 += a[i + 3]! * b[i + 3]!
  }
  for (; i < length; i++) s0 += a[i]! * b[i]!
  return s0 + s1 + (s2 + s3)
}

/**
 * Where the highest of some scores are, the highest first; equal ones by index, undefined ones last.
 * @param scores [n]; NaN is undefined
 * @param left those that do not count
 */
export function highest(
  scores: Float64Array,
  count: number,
  left: readonly number[] = []
): number[] {
  const own = scores.map(score => (Number.isNaN(score) ? -Number.MAX_VALUE : score))
  for (const index of left) own[index] = -Infinity
  return largest(own, count)
}

/** The cosine of each vector with each; NaN of one of length 0. @returns [n, n] */
export function cosinesOf(vectors: readonly (Float32Array | Float64Array)[]): Float64Array {
  const n = vectors.length
  const product = (a: Float32Array | Float64Array, b: Float32Array | Float64Array) => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
    return sum
  }
  const norms = vectors.map(vector => Math.sqrt(product(vector, vector)))
  const found = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      found[i * n + j] = found[j * n + i] =
        product(vectors[i]!, vectors[j]!) / (norms[i]! * norms[j]!)
  return found
}
