import { gramMatrix, matrixProduct, rowMajorView, transposedView } from './matrix-product.ts'
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
  const x = centred(matrix, rows, columns, standardised)
  const size = Math.min(rows, columns)
  const view = rowMajorView(x, rows, columns)
  const isWide = rows < columns
  const gram = gramMatrix(isWide ? transposedView(view) : view)
  const { values, vectors } = symmetricEigen(gram, size, count > 0)
  const variances = values.map(value => Math.max(0, value) / (rows - 1))
  const total = variances.reduce((sum, value) => sum + value, 0)
  const wanted = rowMajorView(
    vectors?.subarray(0, count * size) ?? new Float64Array(0),
    count,
    size
  )
  const [components, scores] = isWide
    ? [lengthOne(matrixProduct(wanted, view), columns), scaledColumns(wanted, values)]
    : [wanted.data.slice() as Float64Array, matrixProduct(view, transposedView(wanted))]
  turnPositive(components, scores, count)
  return { variances, ratio: variances.map(value => value / total), components, scores }
}

/** The matrix less the mean of each column, by its standard deviation where that is asked for. */
function centred(
  matrix: Float32Array | Float64Array,
  rows: number,
  columns: number,
  standardised: boolean
): Float64Array {
  const x = Float64Array.from(matrix)
  const means = columnSums(x, columns, value => value).map(sum => sum / rows)
  for (let start = 0; start < x.length; start += columns)
    for (let column = 0; column < columns; column++) x[start + column]! -= means[column]!
  if (!standardised) return x
  const squares = columnSums(x, columns, value => value * value)
  const scales = squares.map((square, column) => {
    const deviation = Math.sqrt(square / rows)
    // A column of equal numbers varies by nothing but what rounding of its mean leaves.
    return deviation <= Math.abs(means[column]!) * 1e-14 ? 1 : deviation
  })
  for (let start = 0; start < x.length; start += columns)
    for (let column = 0; column < columns; column++) x[start + column]! /= scales[column]!
  return x
}

function columnSums(x: Float64Array, columns: number, of: (value: number) => number): Float64Array {
  const sums = new Float64Array(columns)
  for (let start = 0; start < x.length; start += columns)
    for (let column = 0; column < columns; column++) sums[column]! += of(x[start + column]!)
  return sums
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
