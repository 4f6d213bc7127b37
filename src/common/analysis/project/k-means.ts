import type { Report } from '../analysis.ts'
import { generator } from '../generator.ts'

/** Rows of which the means are found; all others only go to the nearest of these. */
const mostFitted = 5000
const mostRounds = 100
/** It begins so often, and keeps the closest, as long as a round of each takes no more than so many products. */
const mostStarts = 10
const mostProducts = 1e8

/** Rows in groups, each with a mean that is nearer to them than any other. */
export interface Clusters {
  /** [row], from 0: the largest comes first */
  readonly cluster: Int32Array
  /** [cluster] */
  readonly sizes: Int32Array
  /** [cluster], the row nearest to its mean; of equally near ones the first */
  readonly centres: Int32Array
  /** Share of the variance that lies between clusters: 1 − Σ ‖x − own mean‖² / Σ ‖x − mean‖²; NaN where there is none. */
  readonly between: number
  /** Whether means had come to rest when rounds came to their end. */
  readonly settled: boolean
}

/**
 * Groups of rows by their means: k-means.
 * @param data [row, width]
 * @param count of clusters; fewer come of it where there are fewer different rows
 * @source Lloyd 1982; from rows that are drawn far from one another, by the squares of their distances: Arthur & Vassilvitskii 2007
 */
export function kMeans(
  data: Float32Array,
  width: number,
  { count, seed }: { readonly count: number; readonly seed: number },
  report?: Report
): Clusters {
  const rows = data.length / width
  const next = generator(seed)
  const step = Math.max(1, rows / mostFitted)
  const fitted = Array.from({ length: Math.min(rows, mostFitted) }, (_, i) => Math.floor(i * step))
  const starts = Math.min(mostStarts, Math.ceil(mostProducts / (fitted.length * count * width)))
  const begin = (start: number) =>
    restingMeans(data, width, fitted, count, next, round =>
      report?.(start * mostRounds + round, starts * mostRounds)
    )
  let best = begin(0)
  for (let start = 1; start < starts; start++) {
    const other = begin(start)
    if (other.within < best.within) best = other
  }
  const own = new Int32Array(rows).fill(-1)
  assign(data, width, [...own.keys()], best.means, own)
  return named(data, width, best.means, own, best.settled)
}

/** Means that rows were drawn for, moved until they rest, or as long as there are rounds. */
function restingMeans(
  data: Float32Array,
  width: number,
  rows: readonly number[],
  count: number,
  next: () => number,
  report: (round: number) => void
) {
  const means = firstMeans(data, width, rows, count, next)
  const own = new Int32Array(data.length / width).fill(-1)
  let settled = false
  for (let round = 0; round < mostRounds && !settled; round++) {
    report(round)
    settled = assign(data, width, rows, means, own) === 0
    if (!settled) moveMeans(data, width, rows, own, means)
  }
  const within = rows.reduce(
    (sum, row) => sum + square(data, row * width, means, own[row]! * width, width),
    0
  )
  return { means, settled, within }
}

/** [cluster, width]: each next row with a probability as the square of how far it is from those before. */
function firstMeans(
  data: Float32Array,
  width: number,
  rows: readonly number[],
  count: number,
  next: () => number
): Float64Array {
  const chosen = [rows[Math.floor(next() * rows.length)]!]
  const squares = new Float64Array(rows.length).fill(Infinity)
  while (chosen.length < count) {
    const last = chosen.at(-1)!
    let sum = 0
    for (const [i, row] of rows.entries()) {
      squares[i] = Math.min(squares[i]!, square(data, row * width, data, last * width, width))
      sum += squares[i]
    }
    if (sum === 0) break
    let left = next() * sum
    let at = squares.findIndex(own => (left -= own) < 0)
    if (at < 0) at = squares.findLastIndex(own => own > 0)
    chosen.push(rows[at]!)
  }
  const means = new Float64Array(chosen.length * width)
  chosen.forEach((row, i) => means.set(data.subarray(row * width, (row + 1) * width), i * width))
  return means
}

/** Each row to the nearest mean, of equally near ones the first. @returns how many went to another */
function assign(
  data: Float32Array,
  width: number,
  rows: readonly number[],
  means: Float64Array,
  own: Int32Array
): number {
  const count = means.length / width
  let moved = 0
  for (const row of rows) {
    let [best, least] = [0, Infinity]
    for (let cluster = 0; cluster < count; cluster++) {
      const far = square(data, row * width, means, cluster * width, width)
      if (far < least) [best, least] = [cluster, far]
    }
    if (own[row] === best) continue
    own[row] = best
    moved++
  }
  return moved
}

/** Each mean to the middle of its rows; one that has none stays. */
function moveMeans(
  data: Float32Array,
  width: number,
  rows: readonly number[],
  own: Int32Array,
  means: Float64Array
): void {
  const sums = new Float64Array(means.length)
  const sizes = new Int32Array(means.length / width)
  for (const row of rows) {
    const cluster = own[row]!
    sizes[cluster]!++
    for (let i = 0; i < width; i++) sums[cluster * width + i]! += data[row * width + i]!
  }
  sizes.forEach((size, cluster) => {
    if (size === 0) return
    for (let i = cluster * width; i < (cluster + 1) * width; i++) means[i] = sums[i]! / size
  })
}

/** Without those that have no row, the largest first. */
function named(
  data: Float32Array,
  width: number,
  means: Float64Array,
  own: Int32Array,
  settled: boolean
): Clusters {
  const sizes = new Int32Array(means.length / width)
  for (const cluster of own) sizes[cluster]!++
  const order = [...sizes.keys()]
    .filter(cluster => sizes[cluster]! > 0)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  const middle = new Float64Array(width)
  for (let i = 0; i < data.length; i++) middle[i % width]! += data[i]! / own.length
  let [within, whole] = [0, 0]
  const nearest = order.map(() => Infinity)
  const centres = new Int32Array(order.length)
  const places = Int32Array.from(sizes, (_, cluster) => order.indexOf(cluster))
  own.forEach((cluster, row) => {
    const far = square(data, row * width, means, cluster * width, width)
    const place = places[cluster]!
    if (far < nearest[place]!) {
      nearest[place] = far
      centres[place] = row
    }
    within += far
    whole += square(data, row * width, middle, 0, width)
  })
  return {
    cluster: own.map(cluster => places[cluster]!),
    sizes: Int32Array.from(order, cluster => sizes[cluster]!),
    centres,
    between: whole === 0 ? NaN : 1 - within / whole,
    settled
  }
}

function square(
  a: Float32Array,
  at: number,
  b: Float32Array | Float64Array,
  to: number,
  width: number
): number {
  let sum = 0
  for (let i = 0; i < width; i++) {
    const away = a[at + i]! - b[to + i]!
    sum += away * away
  }
  return sum
}
