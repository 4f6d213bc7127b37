import { rowMajorView } from '../matrix-product.ts'
import { singularValues } from '../singular-values.ts'

/** How two tensors of one shape differ; NaN throughout where either is not finite. */
export interface TensorDifference {
  /** ‖a‖ and ‖b‖. */
  readonly norms: readonly [number, number]
  /** ‖b − a‖ */
  readonly difference: number
  /** Σ a b / (‖a‖ ‖b‖); NaN where one of them is zero. */
  readonly cosine: number
  /** max |b − a| */
  readonly largest: number
  /** Share of the numbers that differ. */
  readonly changed: number
  /** Of each row of a matrix ‖b − a‖; null of another tensor. */
  readonly rows: Float64Array | null
}

/** @param b holds b − a from then on */
export function tensorDifference(
  a: Float32Array,
  b: Float32Array,
  shape: readonly number[]
): TensorDifference {
  const [height = 1] = shape.length === 2 ? shape : []
  const width = a.length / height
  const rows = new Float64Array(height)
  let [squareA, squareB, dot, square, largest, changed] = [0, 0, 0, 0, 0, 0]
  for (let row = 0, at = 0; row < height; row++) {
    let own = 0
    for (let column = 0; column < width; column++, at++) {
      const one = a[at]!
      const other = b[at]!
      const difference = other - one
      squareA += one * one
      squareB += other * other
      dot += one * other
      own += difference * difference
      if (difference !== 0) changed++
      if (Math.abs(difference) > largest) largest = Math.abs(difference)
      b[at] = difference
    }
    rows[row] = Math.sqrt(own)
    square += own
  }
  const difference = Math.sqrt(square)
  const isFinite = Number.isFinite(squareA) && Number.isFinite(squareB)
  const defined = (value: number) => (isFinite ? value : NaN)
  return {
    norms: [defined(Math.sqrt(squareA)), defined(Math.sqrt(squareB))],
    difference: defined(difference),
    // Of equal tensors rounding leaves no angle.
    cosine: defined(difference === 0 && squareA > 0 ? 1 : dot / Math.sqrt(squareA * squareB)),
    largest: defined(largest),
    changed: defined(changed / a.length),
    rows: shape.length === 2 ? rows.map(defined) : null
  }
}

/** Singular values of the difference of two matrices, the largest first. @param numbers [rows, columns] */
export function differenceSpectrum(
  numbers: Float32Array,
  [rows = 0, columns = 0]: readonly number[]
): Float64Array {
  // Most of what is compared has not changed.
  if (numbers.every(value => value === 0)) return new Float64Array(Math.min(rows, columns))
  return singularValues(rowMajorView(numbers, rows, columns))
}
