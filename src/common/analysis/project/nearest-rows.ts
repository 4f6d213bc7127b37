import { matrixProduct, rowMajorView, transposedView } from '../matrix-product.ts'

/** The nearest other rows of each row of a matrix, the nearest first. */
export interface NearestRows {
  readonly count: number
  /** [row, neighbour] */
  readonly indices: Int32Array
  /** Euclidean: [row, neighbour] */
  readonly distances: Float64Array
}

/** Rows whose distances to all are held at once. */
const atOnce = 64

/** @param data [rows, width]. @param count at most rows − 1 */
export function nearestRows(
  data: Float32Array,
  rows: number,
  width: number,
  count: number
): NearestRows {
  const indices = new Int32Array(rows * count)
  const distances = new Float64Array(rows * count)
  eachDistances(data, rows, width, [...Array(rows).keys()], (row, own) => {
    own[row] = Infinity
    const nearest = smallest(own, count)
    indices.set(nearest, row * count)
    distances.set(
      nearest.map(index => own[index]!),
      row * count
    )
  })
  return { count, indices, distances }
}

/**
 * Hands over the distances of some rows to all: [row] each, which are the taker's until it returns.
 * @param data [rows, width]
 */
export function eachDistances(
  data: Float32Array | Float64Array,
  rows: number,
  width: number,
  some: readonly number[],
  take: (row: number, distances: Float64Array) => void
): void {
  const view = rowMajorView(data, rows, width)
  const squares = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0
    for (let i = row * width; i < (row + 1) * width; i++) sum += data[i]! * data[i]!
    return sum
  })
  for (let start = 0; start < some.length; start += atOnce) {
    const asked = some.slice(start, start + atOnce)
    const chunk = new Float64Array(asked.length * width)
    asked.forEach((row, i) => chunk.set(data.subarray(row * width, (row + 1) * width), i * width))
    const products = matrixProduct(rowMajorView(chunk, asked.length, width), transposedView(view))
    for (const [i, row] of asked.entries()) {
      const own = products.subarray(i * rows, (i + 1) * rows)
      for (let other = 0; other < rows; other++) {
        const square = squares[row]! - 2 * own[other]! + squares[other]!
        own[other] = Math.sqrt(Math.max(0, square))
      }
      take(row, own)
    }
  }
}

/** Where the smallest values are, the smallest first; equal ones by index. */
function smallest(values: Float64Array, count: number): number[] {
  const best: number[] = []
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (best.length === count && value >= values[best[count - 1]!]!) continue
    let place = best.length
    while (place > 0 && value < values[best[place - 1]!]!) place--
    best.splice(place, 0, index)
    if (best.length > count) best.pop()
  }
  return best
}
