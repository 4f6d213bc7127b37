import type { MatrixView } from './matrix-product.ts'

/**
 * R of a matrix A = Q R, Q's columns being at right angles and of length 1: what is left of A for all that lengths and angles
 * tell, such as singular values of products with it.
 * @param a of at least as many rows as columns
 * @returns [columns, columns], row-major, zero below the diagonal; the signs of its rows are free
 * @source Golub & Van Loan, Matrix Computations, section 5.2.2: Householder reflections
 */
export function triangularFactor(a: MatrixView): Float64Array {
  const { rows: m, columns: n } = a
  // Transposed, so that each column lies in one piece.
  const columns = Float64Array.from({ length: m * n }, (_, i) => {
    const [column, row] = [Math.floor(i / m), i % m]
    return a.data[row * a.rowStep + column * a.columnStep]!
  })
  const r = new Float64Array(n * n)
  for (let k = 0; k < n; k++) {
    const own = columns.subarray(k * m, (k + 1) * m)
    let square = 0
    for (let row = k; row < m; row++) square += own[row]! * own[row]!
    const norm = Math.sqrt(square)
    const first = own[k]!
    const target = first > 0 ? -norm : norm
    for (let row = 0; row < k; row++) r[row * n + k] = own[row]!
    r[k * n + k] = target
    if (norm === 0) continue
    own[k] = first - target
    const scale = 1 / (norm * (norm + Math.abs(first)))
    for (let other = k + 1; other < n; other++) {
      const at = other * m
      let dot = 0
      for (let row = k; row < m; row++) dot += own[row]! * columns[at + row]!
      dot *= scale
      for (let row = k; row < m; row++) columns[at + row]! -= dot * own[row]!
    }
  }
  return r
}
