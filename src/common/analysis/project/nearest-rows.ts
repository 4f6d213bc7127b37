import { matrixProduct, rowMajorView, transposedView } from '../matrix-product.ts'
import { simdKernels } from '../simd-kernels.ts'
import type { StepReport } from './step-report.ts'

/** The nearest other rows of each row of a matrix, the nearest first. */
export interface NearestRows {
  readonly count: number
  /** [row, neighbour] */
  readonly indices: Int32Array
  /** Euclidean: [row, neighbour] */
  readonly distances: Float64Array
}

/** Neighbours that are found beyond those wanted: of nearly equal ones float32 does not tell which are nearest. */
const spare = 8

/**
 * All pairs are looked at once, by products in float32 of rows less their mean; the nearest are then told apart in float64.
 * @param data [rows, width]
 * @param count at most rows − 1
 */
export function nearestRows(
  data: Float32Array,
  rows: number,
  width: number,
  count: number,
  report?: StepReport
): NearestRows {
  const found = candidates(rows, Math.min(rows - 1, count + spare))
  eachPairOfBlocks(data, rows, width, found.take, report)
  const indices = new Int32Array(rows * count)
  const distances = new Float64Array(rows * count)
  for (let row = 0; row < rows; row++) {
    const exact = found
      .of(row)
      .map(index => ({ index, distance: distanceBetween(data, row * width, index * width, width) }))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
    for (let n = 0; n < count; n++) {
      indices[row * count + n] = exact[n]!.index
      distances[row * count + n] = exact[n]!.distance
    }
  }
  return { count, indices, distances }
}

/** The nearest rows so far of each row. */
function candidates(rows: number, most: number) {
  const indices = new Int32Array(rows * most)
  const squares = new Float64Array(rows * most).fill(Infinity)
  /** [row], how far off the last of them is. */
  const last = new Float64Array(rows).fill(Infinity)

  function add(row: number, other: number, square: number): void {
    const first = row * most
    let place = first + most - 1
    for (; place > first && square < squares[place - 1]!; place--) {
      squares[place] = squares[place - 1]!
      indices[place] = indices[place - 1]!
    }
    squares[place] = square
    indices[place] = other
    last[row] = squares[first + most - 1]!
  }

  return {
    /** Takes the products of the rows of two blocks, each pair once. */
    take: ({ products, lengths, i, j, isSame }: BlockPair): void => {
      const tilesAcross = Math.ceil(j.count / tileColumns)
      for (let a = 0; a < i.count; a++) {
        const row = i.start + a
        const own = lengths[row]!
        const line =
          Math.floor(a / tileRows) * tilesAcross * tileSize + (a % tileRows) * tileColumns
        // Products of a row with those before it in the same block have come with those.
        for (let b = isSame ? a + 1 : 0; b < j.count; b++) {
          const at = line + (b >> 3) * tileSize + (b & 7)
          const other = j.start + b
          const square = own + lengths[other]! - 2 * products[at]!
          if (square < last[row]!) add(row, other, square)
          if (square < last[other]!) add(other, row, square)
        }
      }
    },
    of: (row: number) => Array.from(indices.subarray(row * most, (row + 1) * most))
  }
}

/** The sums that the kernel for float32 holds in registers. */
const [tileRows, tileColumns] = [4, 8]
const tileSize = tileRows * tileColumns
/** Rows of a block, and numbers of it. */
const mostBlock = { rows: 1024, numbers: 2 ** 20 }

interface Block {
  readonly start: number
  readonly count: number
}

interface BlockPair {
  readonly i: Block
  readonly j: Block
  readonly isSame: boolean
  /** In tiles of four rows of `i` and eight of `j`: [tile, 4, 8] */
  readonly products: Float32Array
  /** Squares of the lengths of all rows. */
  readonly lengths: Float64Array
}

function eachPairOfBlocks(
  data: Float32Array,
  rows: number,
  width: number,
  take: (pair: BlockPair) => void,
  report?: StepReport
): void {
  const side = Math.min(mostBlock.rows, Math.max(8, Math.floor(mostBlock.numbers / width / 8) * 8))
  const means = columnMeans(data, rows, width)
  const lengths = lengthsFrom(data, rows, width, means)
  const [leftAt, rightAt, productsAt] = [0, side * width * 4, 2 * side * width * 4]
  const { tile32, memory } = simdKernels(productsAt + side * side * 4)
  const left = new Float32Array(memory.buffer, leftAt, side * width)
  const right = new Float32Array(memory.buffer, rightAt, side * width)
  const products = new Float32Array(memory.buffer, productsAt, side * side)
  const blockAt = (start: number) => ({ start, count: Math.min(side, rows - start) })
  const blocks = Math.ceil(rows / side)
  let done = 0
  for (let a = 0; a < blocks; a++) {
    const i = blockAt(a * side)
    pack(left, data, width, means, i, tileRows)
    for (let b = a; b < blocks; b++) {
      report?.(done++, (blocks * (blocks + 1)) / 2)
      const j = blockAt(b * side)
      pack(right, data, width, means, j, tileColumns)
      let out = productsAt
      for (let row = 0; row < i.count; row += tileRows)
        for (let column = 0; column < j.count; column += tileColumns) {
          tile32(leftAt + row * width * 4, rightAt + column * width * 4, width, out)
          out += tileSize * 4
        }
      take({ i, j, isSame: a === b, products, lengths })
    }
  }
}

/** Rows less the mean, in tiles: [tile, step, row of the tile]; what is beyond the last row is not looked at. */
function pack(
  into: Float32Array,
  data: Float32Array,
  width: number,
  means: Float64Array,
  { start, count }: Block,
  tile: number
): void {
  for (let row = 0; row < count; row++) {
    const to = (row - (row % tile)) * width + (row % tile)
    const from = (start + row) * width
    for (let i = 0; i < width; i++) into[to + i * tile] = data[from + i]! - means[i]!
  }
}

function columnMeans(data: Float32Array, rows: number, width: number): Float64Array {
  const sums = new Float64Array(width)
  for (let from = 0; from < data.length; from += width)
    for (let i = 0; i < width; i++) sums[i]! += data[from + i]!
  return sums.map(sum => sum / rows)
}

/** Squares of the lengths of rows less the mean, as they are packed. */
function lengthsFrom(
  data: Float32Array,
  rows: number,
  width: number,
  means: Float64Array
): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0
    for (let i = 0; i < width; i++) sum += Math.fround(data[row * width + i]! - means[i]!) ** 2
    return sum
  })
}

function distanceBetween(data: Float32Array, a: number, b: number, width: number): number {
  let sum = 0
  for (let i = 0; i < width; i++) sum += (data[a + i]! - data[b + i]!) ** 2
  return Math.sqrt(sum)
}

/** Rows whose distances to all are held at once. */
const atOnce = 64

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
