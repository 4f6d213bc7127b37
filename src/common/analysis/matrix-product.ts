import { simdKernels } from './simd-kernels.ts'

/** Numbers that lie in a larger array, as a matrix. */
export interface MatrixView {
  readonly data: Float32Array | Float64Array
  readonly rows: number
  readonly columns: number
  /** From a number to the one below it, and to the one beside it. */
  readonly rowStep: number
  readonly columnStep: number
}

/** [rows, columns], row-major, as a view. */
export function rowMajorView(
  data: Float32Array | Float64Array,
  rows: number,
  columns: number
): MatrixView {
  return { data, rows, columns, rowStep: columns, columnStep: 1 }
}

/** The transposed matrix, of the same numbers. */
export function transposedView(view: MatrixView): MatrixView {
  const { rows, columns, rowStep, columnStep } = view
  return { ...view, rows: columns, columns: rows, rowStep: columnStep, columnStep: rowStep }
}

/**
 * A · B, added in float64.
 * @param a [n, inner]
 * @param b [inner, m]
 * @returns [n, m], row-major
 * @throws RangeError when the inner axes differ
 */
export function matrixProduct(a: MatrixView, b: MatrixView): Float64Array {
  if (a.columns !== b.rows)
    throw new RangeError(`a product of [${a.rows}, ${a.columns}] and [${b.rows}, ${b.columns}]`)
  const sum = new Float64Array(a.rows * b.columns)
  addProduct(sum, a, b)
  return sum
}

/**
 * Aᵀ · A, added in float64: half of the work of a product, for it is symmetric.
 * @returns [columns, columns], row-major
 */
export function gramMatrix(a: MatrixView): Float64Array {
  const n = a.columns
  const sum = new Float64Array(n * n)
  addProduct(sum, transposedView(a), a, true)
  return mirrored(sum, n)
}

/** A symmetric matrix by what is at or below its diagonal, in its place. */
export function mirrored(matrix: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) matrix[i * n + j] = matrix[j * n + i]!
  return matrix
}

/** Steps along the inner axis, and rows or columns, that are packed at once, so that they stay in the processor's cache. */
const [depth, side] = [256, 1024]
/** Rows and columns of the sums that the kernel holds in registers. */
const tile = 4
/** Where packed rows and columns and a tile's sums lie, in bytes of the kernels' memory. */
const [leftAt, rightAt, sumsAt] = [0, depth * side * 8, 2 * depth * side * 8]

/**
 * Adds A · B to what is there.
 * @param sum [n, m], row-major
 * @param symmetric whether A is Bᵀ: only what is at or below the diagonal is added then; what is above is left undefined
 */
export function addProduct(
  sum: Float64Array,
  a: MatrixView,
  b: MatrixView,
  symmetric = false
): void {
  const [n, m] = [a.rows, b.columns]
  const { tile64, memory } = simdKernels(sumsAt + tile * tile * 8)
  const left = new Float64Array(memory.buffer, leftAt, depth * side)
  const right = new Float64Array(memory.buffer, rightAt, depth * side)
  const sums = new Float64Array(memory.buffer, sumsAt, tile * tile)
  const across = transposedView(a)
  for (let column = 0; column < m; column += side) {
    const columns = Math.min(side, m - column)
    for (let start = 0; start < a.columns; start += depth) {
      const steps = Math.min(depth, a.columns - start)
      pack(right, b, { start, steps, first: column, count: columns })
      for (let row = symmetric ? column : 0; row < n; row += side) {
        const rows = Math.min(side, n - row)
        const isDiagonal = symmetric && row === column
        // On the diagonal both are packed alike.
        const ownAt = isDiagonal ? rightAt : leftAt
        if (!isDiagonal) pack(left, across, { start, steps, first: row, count: rows })
        for (let i = 0; i < rows; i += tile) {
          const last = isDiagonal ? i + 1 : columns
          for (let j = 0; j < last; j += tile) {
            tile64(ownAt + i * steps * 8, rightAt + j * steps * 8, steps, sumsAt)
            const height = Math.min(tile, rows - i)
            const width = Math.min(tile, columns - j)
            for (let y = 0; y < height; y++) {
              const to = (row + i + y) * m + column + j
              for (let x = 0; x < width; x++) sum[to + x]! += sums[y * tile + x]!
            }
          }
        }
      }
    }
  }
}

/** Part of a matrix: steps are along its rows. */
interface Part {
  readonly start: number
  readonly steps: number
  readonly first: number
  readonly count: number
}

/** Some columns of some rows, in tiles of columns: [tile, step, column of the tile]; zero beyond the last column. */
function pack(
  into: Float64Array,
  { data, rowStep, columnStep }: MatrixView,
  { start, steps, first, count }: Part
): void {
  const beyond = count % tile
  if (beyond > 0) into.fill(0, (count - beyond) * steps, (count - beyond + tile) * steps)
  const from = start * rowStep + first * columnStep
  const place = (column: number) => (column - (column % tile)) * steps + (column % tile)
  // What lies side by side is read one after the other.
  if (rowStep === 1)
    for (let column = 0; column < count; column++) {
      const [to, own] = [place(column), from + column * columnStep]
      for (let step = 0; step < steps; step++) into[to + step * tile] = data[own + step]!
    }
  else
    for (let step = 0; step < steps; step++) {
      const own = from + step * rowStep
      for (let column = 0; column < count; column++)
        into[place(column) + step * tile] = data[own + column * columnStep]!
    }
}
