import { gramMatrix, matrixProduct, transposedView, type MatrixView } from './matrix-product.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * The singular values of a matrix, the largest first, as many as its shorter side has numbers; to about 1e-8 of themselves,
 * and to 1e-14 of the largest.
 *
 * They are the roots of the eigenvalues of AᵀA. Those below 1e-4 of the largest would be lost in its rounding: for them A is
 * turned towards their vectors, and it is done again of what is left, which is small throughout.
 * @returns NaN throughout where the matrix is not finite
 * @source Golub & Van Loan, Matrix Computations, section 8.6; turning away what is large is the first step of one-sided
 * Jacobi methods: Drmač & Veselić 2008
 */
export function singularValues(matrix: MatrixView): Float64Array {
  const tall = matrix.rows < matrix.columns ? transposedView(matrix) : matrix
  const n = tall.columns
  const found = new Float64Array(n)
  let rest = tall
  let at = 0
  for (;;) {
    const gram = gramMatrix(rest)
    const { values } = symmetricEigen(gram, rest.columns)
    const largest = values[0] ?? 0
    const bound = largest * trusted
    const isLast = !(values.at(-1)! < bound) || largest <= (found[0]! * rounding) ** 2
    const kept = isLast ? rest.columns : values.findIndex(value => value < bound)
    for (let i = 0; i < kept; i++) found[at + i] = Math.sqrt(Math.max(0, values[i]!))
    at += kept
    if (at === n) break
    const { vectors } = symmetricEigen(gram, rest.columns, rest.columns)
    const small: MatrixView = {
      data: vectors.subarray(kept * rest.columns),
      rows: rest.columns,
      columns: rest.columns - kept,
      rowStep: 1,
      columnStep: rest.columns
    }
    rest = {
      data: matrixProduct(rest, small),
      rows: rest.rows,
      columns: small.columns,
      rowStep: small.columns,
      columnStep: 1
    }
  }
  // Of neighbours on both sides of a bound either may be found first.
  return found.sort().reverse()
}

/** Share of the largest eigenvalue down to which the others are taken as they are. */
const trusted = 1e-8

/** Share of the largest singular value below which nothing is left but rounding. */
const rounding = 1e-15
