import { largestMagnitude } from '../data/largest-magnitude.ts'
import { generator } from './generator.ts'

/** Values that are nearer than this share of the largest are taken for a group: their vectors are kept apart. */
const near = 1e-3
const rounds = 4

/**
 * Vectors of some eigenvalues of a symmetric tridiagonal matrix, each of length 1, by inverse iteration.
 * @param diagonal [n]
 * @param beside [n − 1]
 * @param values [count], falling
 * @param into [count, n]
 * @source Golub & Van Loan, Matrix Computations, section 8.2.2; vectors of a group are made orthogonal, as by LAPACK's dstein
 */
export function tridiagonalVectors(
  diagonal: Float64Array,
  beside: Float64Array,
  values: Float64Array,
  into: Float64Array
): void {
  const n = diagonal.length
  const scale = Math.max(normOf(diagonal), normOf(beside)) || 1
  const next = generator(1)
  let groupStart = 0
  let shift = Infinity
  for (const [at, value] of values.entries()) {
    if (at > 0 && values[at - 1]! - value > near * scale) groupStart = at
    // Equal values would give one vector again.
    shift = Math.min(value, shift - 4 * Number.EPSILON * scale)
    const own = into.subarray(at * n, (at + 1) * n)
    for (let i = 0; i < n; i++) own[i] = next() - 0.5
    for (let round = 0; round < rounds; round++) {
      solve(diagonal, beside, shift, own, scale)
      for (let other = groupStart; other < at; other++)
        takeAway(own, into.subarray(other * n, (other + 1) * n))
      const length = normOf(own)
      for (let i = 0; i < n; i++) own[i]! /= length
    }
  }
}

/** Solves (T − shift) x = b in place of b: elimination with pivots among neighbours. */
function solve(
  diagonal: Float64Array,
  beside: Float64Array,
  shift: number,
  b: Float64Array,
  scale: number
): void {
  const n = diagonal.length
  const tiny = Number.EPSILON * scale
  const pivots = new Float64Array(n)
  /** One and two places to the right of each pivot. */
  const [first, second] = [new Float64Array(n), new Float64Array(n)]
  let [pivot, right] = [diagonal[0]! - shift, beside[0] ?? 0]
  for (let i = 0; i < n - 1; i++) {
    const below = beside[i]!
    const [nextDiagonal, nextRight] = [diagonal[i + 1]! - shift, beside[i + 1] ?? 0]
    if (Math.abs(below) > Math.abs(pivot)) {
      const factor = pivot / below
      pivots[i] = below
      first[i] = nextDiagonal
      second[i] = nextRight
      ;[pivot, right] = [right - factor * nextDiagonal, -factor * nextRight]
      ;[b[i], b[i + 1]] = [b[i + 1]!, b[i]! - factor * b[i + 1]!]
    } else {
      pivots[i] = pivot === 0 ? tiny : pivot
      const factor = below / pivots[i]!
      first[i] = right
      ;[pivot, right] = [nextDiagonal - factor * right, nextRight]
      b[i + 1]! -= factor * b[i]!
    }
  }
  pivots[n - 1] = Math.abs(pivot) < tiny ? tiny : pivot
  for (let i = n - 1; i >= 0; i--) {
    const known = first[i]! * (b[i + 1] ?? 0) + second[i]! * (b[i + 2] ?? 0)
    b[i] = (b[i]! - known) / pivots[i]!
  }
  // Solutions grow as the shift is near; only their direction counts.
  const largest = largestMagnitude(b)
  for (let i = 0; i < n; i++) b[i]! /= largest
}

function takeAway(vector: Float64Array, other: Float64Array): void {
  let product = 0
  for (let i = 0; i < vector.length; i++) product += vector[i]! * other[i]!
  for (let i = 0; i < vector.length; i++) vector[i]! -= product * other[i]!
}

function normOf(vector: Float64Array): number {
  let square = 0
  for (const value of vector) square += value * value
  return Math.sqrt(square)
}
