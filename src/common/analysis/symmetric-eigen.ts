import { largestMagnitude } from '../data/largest-magnitude.ts'
import { tridiagonalVectors } from './tridiagonal-vectors.ts'

/** Eigenvalues, the largest first, and vectors of the first of them. */
export interface SymmetricEigen {
  readonly values: Float64Array
  /** [eigenvalue, n]: a vector of length 1 in each row, as many as were asked for. */
  readonly vectors: Float64Array
}

/** Of larger matrices few vectors are found one by one. */
const small = 64

/** What is less than this share of a matrix's largest entry counts for nothing: the square of it is hardly a number any more. */
const negligible = 2 ** -500

/**
 * The eigenvalues of a symmetric matrix, the largest first: of its lower half.
 * @param matrix [n, n], row-major
 * @param count of vectors that are wanted; all take several times as long as none or a few
 * @returns NaN throughout where the matrix is not finite
 * @source Golub & Van Loan, Matrix Computations, sections 8.3.1 (Householder reduction to tridiagonal form) and 8.3.5
 * (implicit QR steps with Wilkinson's shift)
 */
export function symmetricEigen(matrix: Float64Array, n: number, count = 0): SymmetricEigen {
  if (!matrix.every(Number.isFinite))
    return {
      values: new Float64Array(n).fill(NaN),
      vectors: new Float64Array(count * n).fill(NaN)
    }
  // Squares of entries have to be numbers, too: those of 1e-170 are 0, those of 1e170 infinite.
  const scale = scaleOf(matrix)
  const { reduced, diagonal, beside } = tridiagonal(
    matrix.map(value => value / scale),
    n
  )
  const few = n > small && 4 * count < n
  const first = few ? { diagonal: diagonal.slice(), beside: beside.slice() } : null
  const turned = few || count === 0 ? null : reflections(reduced, n)
  diagonalise(diagonal, beside, turned, n)
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]!)
  const values = Float64Array.from(order, at => diagonal[at]!)
  const vectors = new Float64Array(count * n)
  if (first !== null) {
    tridiagonalVectors(first.diagonal, first.beside, values.subarray(0, count), vectors)
    for (let at = 0; at < count; at++) reflect(vectors.subarray(at * n, (at + 1) * n), reduced, n)
  } else
    order
      .slice(0, count)
      .forEach((from, to) => vectors.set(turned!.subarray(from * n, (from + 1) * n), to * n))
  return { values: values.map(value => value * scale), vectors }
}

/** The power of two below the largest magnitude, by which nothing is rounded. */
function scaleOf(matrix: Float64Array): number {
  const largest = largestMagnitude(matrix)
  return largest === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}

/**
 * A similar matrix that is zero but on its diagonal and beside it, in the place of the one that is given. Each row of the lower half of `reduced` then holds the
 * vector that its reflection was made of, scaled so that the reflection is 1 − v vᵀ.
 */
function tridiagonal(a: Float64Array, n: number) {
  const diagonal = new Float64Array(n)
  const beside = new Float64Array(Math.max(0, n - 1))
  const p = new Float64Array(n)
  for (let i = n - 1; i > 0; i--) {
    const row = a.subarray(i * n, i * n + i)
    diagonal[i] = a[i * n + i]!
    const norm = lengthOf(row)
    const last = row[i - 1]!
    // Nothing to turn where all but the last is zero already.
    if (norm === Math.abs(last) || norm < negligible) {
      beside[i - 1] = last
      row.fill(0)
      continue
    }
    const target = last > 0 ? -norm : norm
    beside[i - 1] = target
    row[i - 1] = last - target
    const scale = 1 / Math.sqrt(norm * (norm + Math.abs(last)))
    for (let j = 0; j < i; j++) row[j]! *= scale
    // p = A v of the leading i rows, each half of which is used twice.
    p.fill(0, 0, i)
    for (let r = 0; r < i; r++) {
      const own = row[r]!
      const from = r * n
      let sum = a[from + r]! * own
      for (let c = 0; c < r; c++) {
        const value = a[from + c]!
        sum += value * row[c]!
        p[c]! += value * own
      }
      p[r]! += sum
    }
    let product = 0
    for (let r = 0; r < i; r++) product += p[r]! * row[r]!
    for (let r = 0; r < i; r++) p[r]! -= (product / 2) * row[r]!
    for (let r = 0; r < i; r++) {
      const v = row[r]!
      const w = p[r]!
      const from = r * n
      for (let c = 0; c <= r; c++) a[from + c]! -= v * p[c]! + w * row[c]!
    }
  }
  if (n > 0) diagonal[0] = a[0]!
  return { reduced: a, diagonal, beside }
}

/** The product of the reflections of `tridiagonal`, transposed: each row is a column of what turns the matrix. */
function reflections(reduced: Float64Array, n: number): Float64Array {
  const q = new Float64Array(n * n)
  for (let i = 0; i < n; i++) q[i * n + i] = 1
  const sums = new Float64Array(n)
  for (let i = 1; i < n; i++) {
    const v = reduced.subarray(i * n, i * n + i)
    sums.fill(0, 0, i)
    for (let r = 0; r < i; r++) {
      const own = v[r]!
      const from = r * n
      for (let c = 0; c < i; c++) sums[c]! += own * q[from + c]!
    }
    for (let r = 0; r < i; r++) {
      const own = v[r]!
      const from = r * n
      for (let c = 0; c < i; c++) q[from + c]! -= own * sums[c]!
    }
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const below = q[i * n + j]!
      q[i * n + j] = q[j * n + i]!
      q[j * n + i] = below
    }
  return q
}

/** The product of the same reflections and one vector, in its place. */
function reflect(vector: Float64Array, reduced: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) {
    let sum = 0
    for (let c = 0; c < i; c++) sum += reduced[i * n + c]! * vector[c]!
    for (let c = 0; c < i; c++) vector[c]! -= sum * reduced[i * n + c]!
  }
}

/** QR steps that may pass before an eigenvalue is found; each takes two or three. */
const mostSteps = 200

/** Turns a tridiagonal matrix until nothing is left beside its diagonal; and the rows of `vectors` alike. */
function diagonalise(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array | null,
  n: number
): void {
  const isZero = (at: number) =>
    Math.abs(e[at]!) <=
    Math.max(negligible, Number.EPSILON * (Math.abs(d[at]!) + Math.abs(d[at + 1]!)))
  let end = n - 1
  let steps = 0
  while (end > 0) {
    if (isZero(end - 1) || ++steps > mostSteps) {
      end--
      steps = 0
      continue
    }
    let start = end - 1
    while (start > 0 && !isZero(start - 1)) start--
    stepOf(d, e, vectors, n, start, end)
  }
}

/** One implicit step within `start` to `end`. */
function stepOf(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array | null,
  n: number,
  start: number,
  end: number
): void {
  const corner = e[end - 1]!
  const half = (d[end - 1]! - d[end]!) / 2
  const root = Math.sqrt(half * half + corner * corner)
  const shift = d[end]! - (corner * corner) / (half + (half < 0 ? -root : root))
  let x = d[start]! - shift
  let z = e[start]!
  for (let k = start; k < end; k++) {
    const r = Math.sqrt(x * x + z * z)
    const c = r < negligible ? 1 : x / r
    const s = r < negligible ? 0 : z / r
    if (k > start) e[k - 1] = r
    const a = d[k]!
    const b = e[k]!
    const g = d[k + 1]!
    d[k] = c * c * a + 2 * c * s * b + s * s * g
    d[k + 1] = s * s * a - 2 * c * s * b + c * c * g
    x = e[k] = c * s * (g - a) + (c * c - s * s) * b
    if (k < end - 1) {
      z = s * e[k + 1]!
      e[k + 1]! *= c
    }
    if (vectors !== null) turnRows(vectors, k * n, n, c, s)
  }
}

/** Turns a row and the one after it. */
function turnRows(rows: Float64Array, at: number, n: number, c: number, s: number): void {
  for (let i = at; i < at + n; i++) {
    const upper = rows[i]!
    const lower = rows[i + n]!
    rows[i] = c * upper + s * lower
    rows[i + n] = c * lower - s * upper
  }
}

function lengthOf(numbers: Float64Array): number {
  let square = 0
  for (const value of numbers) square += value * value
  return Math.sqrt(square)
}
