import { generator } from './generator.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * The largest singular value of a matrix, without the others: to some 1e-3 where many are nearly as large, else much nearer.
 * @param matrix [rows, columns], row-major and finite
 * @source Golub & Van Loan, Matrix Computations, section 10.1: Lanczos' method for MᵀM, every vector put at right angles to all before
 */
export function largestSingularValue(matrix: Float32Array, rows: number, columns: number): number {
  const steps = Math.min(mostSteps, columns)
  const next = generator(1)
  const basis: Float64Array[] = []
  let vector = Float64Array.from({ length: columns }, () => next() - 0.5)
  const tridiagonal = new Float64Array(steps * steps)
  let size = 0
  for (; size < steps; size++) {
    const norm = lengthOf(vector)
    // What is left is in the space that is known already.
    if (norm <= Number.EPSILON * Math.abs(tridiagonal[0]!)) break
    if (size > 0) tridiagonal[size * steps + size - 1] = norm
    const own = vector.map(value => value / norm)
    basis.push(own)
    vector = squaredTimes(matrix, rows, columns, own)
    tridiagonal[size * steps + size] = dot(vector, own)
    for (const before of [...basis, ...basis]) {
      const along = dot(vector, before)
      for (let i = 0; i < columns; i++) vector[i]! -= along * before[i]!
    }
  }
  const square = Float64Array.from({ length: size * size }, (_, i) => {
    return tridiagonal[Math.floor(i / size) * steps + (i % size)]!
  })
  return Math.sqrt(Math.max(0, symmetricEigen(square, size).values[0] ?? 0))
}

/** Products with the matrix and with its transpose, one of each a step. */
const mostSteps = 32

/** Mᵀ M v */
function squaredTimes(m: Float32Array, rows: number, columns: number, v: Float64Array) {
  const product = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    let sum = 0
    for (let i = 0; i < columns; i++) sum += m[start + i]! * v[i]!
    for (let i = 0; i < columns; i++) product[i]! += m[start + i]! * sum
  }
  return product
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function lengthOf(v: Float64Array): number {
  return Math.sqrt(dot(v, v))
}
