import { largest } from '../softmax.ts'
import { simdKernels } from '../simd-kernels.ts'
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

/** Numbers of rows that the kernels are handed at once: as many as stay in the processor's cache. */
const atOnce = 2 ** 16

/** @param vectors [width] each */
export function rowProducts(
  { rows, width, data }: Matrix,
  vectors: readonly Float64Array[]
): RowProducts {
  const squares = new Float64Array(rows)
  const products = vectors.map(() => new Float64Array(rows))
  const most = Math.max(1, Math.floor(atOnce / width))
  const rowsAt = vectors.length * width * 8
  const { memory, dot, square } = simdKernels(rowsAt + most * width * 4)
  vectors.forEach((vector, v) => new Float64Array(memory.buffer).set(vector, v * width))
  const held = new Float32Array(memory.buffer, rowsAt, most * width)
  // The kernels take eight numbers at a step.
  const whole = width - (width % 8)
  for (let start = 0; start < rows; start += most) {
    const count = Math.min(most, rows - start)
    held.set(data.subarray(start * width, (start + count) * width))
    for (let i = 0; i < count; i++) {
      const own = data.subarray((start + i) * width, (start + i + 1) * width)
      const at = rowsAt + i * width * 4
      squares[start + i] = (whole > 0 ? square(at, whole) : 0) + productFrom(whole, own, own)
      for (let v = 0; v < vectors.length; v++)
        products[v]![start + i] =
          (whole > 0 ? dot(at, v * width * 8, whole) : 0) + productFrom(whole, own, vectors[v]!)
    }
  }
  return { with: products, squares }
}

/** Of what stands from a place on. */
function productFrom(
  from: number,
  a: Float32Array | Float64Array,
  b: Float32Array | Float64Array
): number {
  let sum = 0
  for (let i = from; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
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
  const norms = vectors.map(vector => Math.sqrt(productFrom(0, vector, vector)))
  const found = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      found[i * n + j] = found[j * n + i] =
        productFrom(0, vectors[i]!, vectors[j]!) / (norms[i]! * norms[j]!)
  return found
}
