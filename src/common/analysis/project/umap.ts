import { largestMagnitude } from '../../data/largest-magnitude.ts'
import { generator } from '../generator.ts'
import { neighbourGraph } from './neighbour-graph.ts'
import type { NearestRows } from './nearest-rows.ts'
import type { StepReport } from './step-report.ts'

/** Of the curve 1 / (1 + a d^(2b)) that is nearest to min_dist 0.1 and spread 1. */
const [a, b] = [1.5769434603113077, 0.8950608779109733]
/** Points that each is pushed away from, for each that it is pulled to. */
const negatives = 5
const farthestStep = 4

/**
 * Places in which rows that are neighbours lie together: uniform manifold approximation and projection.
 * @param nearest other rows of each row: one less than the method's number of neighbours, which counts the row itself
 * @param first [row, dimension], the places to begin with, such as principal components
 * @returns [row, dimension]
 * @source McInnes, Healy & Melville 2018, sections 3 and 4; begins with what it is given in place of a spectral layout
 */
export function umap(
  nearest: NearestRows,
  first: Float64Array,
  { dimensions, seed }: { readonly dimensions: number; readonly seed: number },
  report: StepReport = () => undefined
): Float64Array {
  const rows = first.length / dimensions
  const next = generator(seed)
  const places = spread(first, next)
  const epochs = rows <= 10_000 ? 500 : 200
  const { heads, tails, every } = edgesOf(nearest, rows, epochs)
  const due = every.slice()
  const negativeEvery = every.map(value => value / negatives)
  const negativeDue = negativeEvery.slice()
  for (let epoch = 0; epoch < epochs; epoch++) {
    report(epoch, epochs, places)
    const rate = 1 - epoch / epochs
    for (let edge = 0; edge < heads.length; edge++) {
      if (due[edge]! > epoch) continue
      const [i, j] = [heads[edge]! * dimensions, tails[edge]! * dimensions]
      pull(places, i, j, dimensions, rate)
      due[edge]! += every[edge]!
      const count = Math.floor((epoch - negativeDue[edge]!) / negativeEvery[edge]!)
      for (let n = 0; n < count; n++) {
        const other = Math.floor(next() * rows) * dimensions
        if (other !== i) push(places, i, other, dimensions, rate)
      }
      negativeDue[edge]! += Math.max(0, count) * negativeEvery[edge]!
    }
  }
  return places
}

/** To at most 10 from the middle, with a little noise, so that none lie in one place. */
function spread(first: Float64Array, next: () => number): Float64Array {
  const largest = largestMagnitude(first)
  return first.map(value => (value * 10) / (largest || 1) + (next() - 0.5) * 2e-4)
}

/** Pairs that are pulled together, and after how many epochs again. */
function edgesOf(nearest: NearestRows, rows: number, epochs: number) {
  const { starts, ends, weights } = neighbourGraph(
    nearest.indices,
    memberships(nearest, rows),
    rows,
    (there, back) => there + back - there * back
  )
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  const heads: number[] = []
  const tails: number[] = []
  const every: number[] = []
  for (let row = 0; row < rows; row++)
    for (let edge = starts[row]!; edge < starts[row + 1]!; edge++) {
      if (weights[edge]! < largest / epochs) continue
      heads.push(row)
      tails.push(ends[edge]!)
      every.push(largest / weights[edge]!)
    }
  return { heads, tails, every: Float64Array.from(every) }
}

/** How far each neighbour belongs to a row: exp(−(d − ρ) / σ), with σ so that they add up to log₂ of their number. */
function memberships({ count, distances }: NearestRows, rows: number): Float64Array {
  const target = Math.log2(count + 1)
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / (distances.length || 1)
  const found = new Float64Array(distances.length)
  for (let row = 0; row < rows; row++) {
    const own = distances.subarray(row * count, (row + 1) * count)
    const nearest = own.find(distance => distance > 0) ?? 0
    const sum = (sigma: number) =>
      own.reduce((all, distance) => all + Math.exp(-Math.max(0, distance - nearest) / sigma), 0)
    let [low, high, sigma] = [0, Infinity, 1]
    for (let step = 0; step < 64 && Math.abs(sum(sigma) - target) > 1e-5; step++) {
      if (sum(sigma) > target) high = sigma
      else low = sigma
      sigma = high === Infinity ? sigma * 2 : (low + high) / 2
    }
    const ownMean = own.reduce((all, distance) => all + distance, 0) / count
    sigma = Math.max(sigma, 1e-3 * (nearest > 0 ? ownMean : mean))
    own.forEach((distance, n) => {
      found[row * count + n] =
        distance <= nearest || sigma === 0 ? 1 : Math.exp(-(distance - nearest) / sigma)
    })
  }
  return found
}

function squareBetween(places: Float64Array, i: number, j: number, dimensions: number): number {
  let sum = 0
  for (let d = 0; d < dimensions; d++) sum += (places[i + d]! - places[j + d]!) ** 2
  return sum
}

const clipped = (step: number) => Math.max(-farthestStep, Math.min(farthestStep, step))

function pull(places: Float64Array, i: number, j: number, dimensions: number, rate: number): void {
  const square = squareBetween(places, i, j, dimensions)
  if (square === 0) return
  const power = square ** b
  const factor = (-2 * a * b * (power / square)) / (a * power + 1)
  for (let d = 0; d < dimensions; d++) {
    const step = clipped(factor * (places[i + d]! - places[j + d]!)) * rate
    places[i + d]! += step
    places[j + d]! -= step
  }
}

function push(places: Float64Array, i: number, j: number, dimensions: number, rate: number): void {
  const square = squareBetween(places, i, j, dimensions)
  const factor = (2 * b) / ((0.001 + square) * (a * square ** b + 1))
  for (let d = 0; d < dimensions; d++)
    places[i + d]! +=
      (square > 0 ? clipped(factor * (places[i + d]! - places[j + d]!)) : farthestStep) * rate
}
