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
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum[i * n + j] = sum[j * n + i]!
  return sum
}

/** Steps along the inner axis that are packed at once, so that they stay in the processor's cache. */
const depth = 64

/** Rows and columns of the sums that are held in registers. */
const [tileRows, tileColumns] = [4, 2]

/**
 * Adds A · B to what is there.
 * @param sum [n, m], row-major
 * @param lower whether only what is at or below the diagonal is wanted; what is above is then left undefined
 */
export function addProduct(sum: Float64Array, a: MatrixView, b: MatrixView, lower = false): void {
  const [n, m] = [a.rows, b.columns]
  const [rowTiles, columnTiles] = [Math.ceil(n / tileRows), Math.ceil(m / tileColumns)]
  const left = new Float64Array(rowTiles * tileRows * depth)
  const right = new Float64Array(columnTiles * tileColumns * depth)
  const tile = new Float64Array(tileRows * tileColumns)
  for (let start = 0; start < a.columns; start += depth) {
    const steps = Math.min(depth, a.columns - start)
    pack(left, transposedView(a), start, steps, tileRows)
    pack(right, b, start, steps, tileColumns)
    for (let i = 0; i < rowTiles; i++) {
      const last = lower ? Math.min(columnTiles, (i + 1) * (tileRows / tileColumns)) : columnTiles
      for (let j = 0; j < last; j++) {
        multiplyTile(tile, left, i * tileRows * steps, right, j * tileColumns * steps, steps)
        const row = i * tileRows
        const column = j * tileColumns
        const height = Math.min(tileRows, n - row)
        const width = Math.min(tileColumns, m - column)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            sum[(row + y) * m + column + x]! += tile[y * tileColumns + x]!
      }
    }
  }
}

/** Some rows of a matrix, in tiles of columns: [tile, step, column of the tile]; zero beyond the last column. */
function pack(
  into: Float64Array,
  { data, columns, rowStep, columnStep }: MatrixView,
  start: number,
  steps: number,
  width: number
): void {
  const tiles = Math.ceil(columns / width)
  if (tiles * width > columns) into.fill(0, (tiles - 1) * width * steps, tiles * width * steps)
  for (let step = 0; step < steps; step++) {
    const from = (start + step) * rowStep
    for (let column = 0; column < columns; column++) {
      const tile = Math.floor(column / width)
      into[(tile * steps + step) * width + (column - tile * width)] =
        data[from + column * columnStep]!
    }
  }
}

/** The sums of one tile over some steps, each held in a variable of its own: an array would be written at each step. */
function multiplyTile(
  tile: Float64Array,
  left: Float64Array,
  leftStart: number,
  right: Float64Array,
  rightStart: number,
  steps: number
): void {
  let a0 = 0
  let a1 = 0
  let b0 = 0
  let b1 = 0
  let c0 = 0
  let c1 = 0
  let d0 = 0
  let d1 = 0
  let l = leftStart
  let r = rightStart
  for (let step = 0; step < steps; step++) {
    const x = right[r]!
    const y = right[r + 1]!
    const a = left[l]!
    const b = left[l + 1]!
    const c = left[l + 2]!
    const d = left[l + 3]!
    a0 += a * x
    a1 += a * y
    b0 += b * x
    b1 += b * y
    c0 += c * x
    c1 += c * y
    d0 += d * x
    d1 += d * y
    l += 4
    r += 2
  }
  tile[0] = a0
  tile[1] = a1
  tile[2] = b0
  tile[3] = b1
  tile[4] = c0
  tile[5] = c1
  tile[6] = d0
  tile[7] = d1
}
