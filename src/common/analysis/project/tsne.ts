import { neighbourGraph, type NeighbourGraph } from './neighbour-graph.ts'
import type { NearestRows } from './nearest-rows.ts'
import type { StepReport } from './step-report.ts'

const exaggeration = 12
/** Steps in which neighbours are pulled together more strongly, and all. */
const [early, steps] = [250, 1000]

/**
 * Places in which rows that are near lie together: t-distributed stochastic neighbour embedding.
 * @param nearest other rows of each row: three times the perplexity of them, or all
 * @param first [row, dimension], the places to begin with, such as principal components
 * @returns [row, dimension]
 * @source van der Maaten & Hinton 2008; neighbours alone have p_ij, as in van der Maaten 2014, section 4.1
 */
export function tsne(
  nearest: NearestRows,
  first: Float64Array,
  { dimensions, perplexity }: { readonly dimensions: number; readonly perplexity: number },
  report: StepReport = () => undefined
): Float64Array {
  const rows = first.length / dimensions
  const graph = neighbourGraph(
    nearest.indices,
    similarities(nearest, rows, perplexity),
    rows,
    (there, back) => (there + back) / (2 * rows)
  )
  const places = small(first, dimensions)
  const rate = Math.max(rows / exaggeration / 4, 50)
  const moves = new Float64Array(places.length)
  const gains = new Float64Array(places.length).fill(1)
  for (let step = 0; step < steps; step++) {
    report(step, steps, places)
    const isEarly = step < early
    if (step === early) {
      moves.fill(0)
      gains.fill(1)
    }
    const slope = gradient(graph, places, dimensions, isEarly ? exaggeration : 1)
    const momentum = isEarly ? 0.5 : 0.8
    for (let i = 0; i < places.length; i++) {
      const isTurning = moves[i]! * slope[i]! >= 0
      gains[i] = Math.max(0.01, isTurning ? gains[i]! * 0.8 : gains[i]! + 0.2)
      moves[i] = momentum * moves[i]! - rate * gains[i]! * slope[i]!
      places[i]! += moves[i]!
    }
  }
  return places
}

/** With a standard deviation of 1e-4 along the first dimension. */
function small(first: Float64Array, dimensions: number): Float64Array {
  const rows = first.length / dimensions
  let square = 0
  for (let i = 0; i < first.length; i += dimensions) square += first[i]! ** 2
  const deviation = Math.sqrt(square / rows) || 1
  return first.map(value => (value / deviation) * 1e-4)
}

/** Of each row’s neighbours exp(−β d²) / Σ, with β so that its perplexity is as wanted. */
function similarities(
  { count, distances }: NearestRows,
  rows: number,
  perplexity: number
): Float64Array {
  const target = Math.log(Math.min(perplexity, count))
  const found = new Float64Array(distances.length)
  for (let row = 0; row < rows; row++) {
    const squares = distances
      .subarray(row * count, (row + 1) * count)
      .map(distance => distance * distance)
    const least = squares[0] ?? 0
    const own = found.subarray(row * count, (row + 1) * count)
    let [low, high, beta] = [0, Infinity, 1]
    for (let step = 0; step < 100; step++) {
      let [sum, weighted] = [0, 0]
      for (let n = 0; n < count; n++) {
        const away = squares[n]! - least
        own[n] = Math.exp(-beta * away)
        sum += own[n]!
        weighted += own[n]! * away
      }
      for (let n = 0; n < count; n++) own[n]! /= sum
      const entropy = Math.log(sum) + (beta * weighted) / sum
      if (Math.abs(entropy - target) < 1e-6) break
      if (entropy > target) low = beta
      else high = beta
      beta = high === Infinity ? beta * 2 : (low + high) / 2
    }
  }
  return found
}

/** 4 Σ_j (e p_ij − q_ij) (y_i − y_j) / (1 + ‖y_i − y_j‖²), with q_ij = 1 / (1 + ‖y_i − y_j‖²) / Σ. */
function gradient(
  { starts, ends, weights }: NeighbourGraph,
  places: Float64Array,
  dimensions: number,
  exaggerated: number
): Float64Array {
  const rows = places.length / dimensions
  const slope = repulsion(places, dimensions)
  for (let row = 0; row < rows; row++)
    for (let edge = starts[row]!; edge < starts[row + 1]!; edge++) {
      const [i, j] = [row * dimensions, ends[edge]! * dimensions]
      let square = 0
      for (let d = 0; d < dimensions; d++) square += (places[i + d]! - places[j + d]!) ** 2
      const factor = (4 * exaggerated * weights[edge]!) / (1 + square)
      for (let d = 0; d < dimensions; d++)
        slope[i + d]! += factor * (places[i + d]! - places[j + d]!)
    }
  return slope
}

/** −4 Σ_j q_ij (y_i − y_j) / (1 + ‖y_i − y_j‖²): each pair once. Almost all of the time goes by here. */
function repulsion(places: Float64Array, dimensions: number): Float64Array {
  const pushes = new Float64Array(places.length)
  const sum = dimensions === 2 ? inThePlane(places, pushes) : anywhere(places, pushes, dimensions)
  for (let i = 0; i < pushes.length; i++) pushes[i]! *= -4 / sum
  return pushes
}

/** Adds what each pair pushes. @returns Σ q_ij, before it is brought to 1 */
function anywhere(places: Float64Array, pushes: Float64Array, dimensions: number): number {
  let sum = 0
  for (let i = 0; i < places.length; i += dimensions)
    for (let j = 0; j < i; j += dimensions) {
      let square = 0
      for (let d = 0; d < dimensions; d++) {
        const away = places[i + d]! - places[j + d]!
        square += away * away
      }
      const near = 1 / (1 + square)
      sum += 2 * near
      for (let d = 0; d < dimensions; d++) {
        const push = near * near * (places[i + d]! - places[j + d]!)
        pushes[i + d]! += push
        pushes[j + d]! -= push
      }
    }
  return sum
}

/** The same in two dimensions, where what is pushed stays in registers: half of the time. */
function inThePlane(places: Float64Array, pushes: Float64Array): number {
  let sum = 0
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = [places[i]!, places[i + 1]!]
    let right = 0
    let up = 0
    for (let j = 0; j < i; j += 2) {
      const dx = x - places[j]!
      const dy = y - places[j + 1]!
      const near = 1 / (1 + dx * dx + dy * dy)
      sum += near
      const push = near * near
      right += push * dx
      up += push * dy
      pushes[j]! -= push * dx
      pushes[j + 1]! -= push * dy
    }
    pushes[i]! += right
    pushes[i + 1]! += up
  }
  return 2 * sum
}
