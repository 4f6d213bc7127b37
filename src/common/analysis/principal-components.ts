import {
  addProduct,
  matrixProduct,
  mirrored,
  rowMajorView,
  transposedView,
  type MatrixView
} from './matrix-product.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/** The directions in which the rows of a matrix vary most, as many as its shorter side has numbers. */
export interface PrincipalComponents {
  /** Variance along each component, of one degree of freedom less than rows; the largest first. */
  readonly variances: Float64Array
  /** Share of the whole variance; NaN where there is none. */
  readonly ratio: Float64Array
  /** [component, column]: as many as were asked for, each of length 1. */
  readonly components: Float64Array
  /** [row, component]: of each row less the mean, as many components. */
  readonly scores: Float64Array
}

/**
 * The principal components of a matrix's rows. Their signs are free: the score of largest magnitude is positive.
 * @param matrix [rows, columns], row-major
 * @param count components and scores wanted; at most the shorter side
 * @param standardised whether each column is divided by its standard deviation first; one that does not vary stays as it is
 * @returns NaN throughout where the matrix is not finite
 * @source Jolliffe 2002, Principal Component Analysis, section 2.1; by the eigenvalues of the smaller of Xᵀ X and X Xᵀ
 */
export function principalComponents(
  matrix: Float32Array | Float64Array,
  [rows, columns]: readonly [number, number],
  { count, standardised = false }: { readonly count: number; readonly standardised?: boolean }
): PrincipalComponents {
  const size = Math.min(rows, columns)
  const isWide = rows < columns
  const blocks = centredBlocks(matrix, [rows, columns], standardised, isWide ? rows : atOnce)
  const { values, vectors } = symmetricEigen(gramOf(blocks, rows, size, isWide), size, count)
  const variances = values.map(value => Math.max(0, value) / (rows - 1))
  const total = variances.reduce((sum, value) => sum + value, 0)
  const wanted = rowMajorView(vectors, count, size)
  const [components, scores] = isWide
    ? [lengthOne(matrixProduct(wanted, blocks(0)), columns), scaledColumns(wanted, values)]
    : [vectors, scoresOf(blocks, rows, wanted)]
  turnPositive(components, scores, count)
  return { variances, ratio: variances.map(value => value / total), components, scores }
}

/** Rows that are held in float64 at once. */
const atOnce = 1024

/** Rows from one on, less the mean of each column, by its standard deviation where that is asked for; up to as many at once. */
type Blocks = (start: number) => MatrixView

function centredBlocks(
  matrix: Float32Array | Float64Array,
  [rows, columns]: readonly [number, number],
  standardised: boolean,
  most: number
): Blocks {
  const means = columnSums(matrix, columns, value => value).map(sum => sum / rows)
  const scales = standardised ? deviations(matrix, means, rows) : null
  const block = new Float64Array(Math.min(most, rows) * columns)
  return start => {
    const count = Math.min(most, rows - start)
    for (let row = 0; row < count; row++) {
      const [from, to] = [(start + row) * columns, row * columns]
      for (let column = 0; column < columns; column++)
        block[to + column] = matrix[from + column]! - means[column]!
      if (scales !== null)
        for (let column = 0; column < columns; column++) block[to + column]! /= scales[column]!
    }
    return rowMajorView(block, count, columns)
  }
}

/** Of each column; 1 of one that does not vary. */
function deviations(
  matrix: Float32Array | Float64Array,
  means: Float64Array,
  rows: number
): Float64Array {
  const squares = columnSums(matrix, means.length, (value, column) => (value - means[column]!) ** 2)
  return squares.map((square, column) => {
    const deviation = Math.sqrt(square / rows)
    // A column of equal numbers varies by nothing but what rounding of its mean leaves.
    return deviation <= Math.abs(means[column]!) * 1e-14 ? 1 : deviation
  })
}

function columnSums(
  matrix: Float32Array | Float64Array,
  columns: number,
  of: (value: number, column: number) => number
): Float64Array {
  const sums = new Float64Array(columns)
  for (let start = 0; start < matrix.length; start += columns)
    for (let column = 0; column < columns; column++)
      sums[column]! += of(matrix[start + column]!, column)
  return sums
}

/** Xᵀ X, or X Xᵀ of a wide matrix, which is one block. */
function gramOf(blocks: Blocks, rows: number, size: number, isWide: boolean): Float64Array {
  const sum = new Float64Array(size * size)
  for (let start = 0; start < rows; start += atOnce) {
    const own = isWide ? transposedView(blocks(start)) : blocks(start)
    addProduct(sum, transposedView(own), own, true)
    if (isWide) break
  }
  return mirrored(sum, size)
}

/** X Vᵀ. @param vectors [component, column] @returns [row, component] */
function scoresOf(blocks: Blocks, rows: number, vectors: MatrixView): Float64Array {
  const count = vectors.rows
  const scores = new Float64Array(rows * count)
  for (let start = 0; start < rows; start += atOnce) {
    const own = blocks(start)
    const part = scores.subarray(start * count, (start + own.rows) * count)
    addProduct(part, own, transposedView(vectors))
  }
  return scores
}

/** X v = √λ u. @param vectors [component, row] @returns [row, component] */
function scaledColumns(
  { data, rows: count, columns: rows }: ReturnType<typeof rowMajorView>,
  values: Float64Array
): Float64Array {
  return Float64Array.from({ length: rows * count }, (_, i) => {
    const [row, component] = [Math.floor(i / count), i % count]
    return Math.sqrt(Math.max(0, values[component]!)) * data[component * rows + row]!
  })
}

/** Each row by its length; one without a length stays zero. */
function lengthOne(rows: Float64Array, width: number): Float64Array {
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (length > 0) for (let i = 0; i < width; i++) row[i]! /= length
  }
  return rows
}

function turnPositive(components: Float64Array, scores: Float64Array, count: number): void {
  const width = components.length / count
  for (let component = 0; component < count; component++) {
    let largest = 0
    for (let i = component; i < scores.length; i += count)
      if (Math.abs(scores[i]!) > Math.abs(largest)) largest = scores[i]!
    if (largest >= 0) continue
    for (let i = component; i < scores.length; i += count) scores[i]! *= -1
    for (let i = component * width; i < (component + 1) * width; i++) components[i]! *= -1
  }
}
