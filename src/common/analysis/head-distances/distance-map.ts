import { generator } from '../generator.ts'

/** Starts: of few things so many that the best of them is as good as it gets, of many as time allows. */
const startsOf = (n: number) => Math.max(16, Math.min(256, Math.floor(2 ** 20 / n ** 2)))

/** Of so many things that a step takes long, each start goes only so far; of the best few it is seen where they end. */
const many = 256
const firstSteps = 40
const followed = 3
const mostSteps = 1000
/** A step that lowers the stress by less than this share ends it. */
const enough = 1e-7

/** Places in the plane, and how far they are from having the distances that they should. */
export interface DistanceMap {
  /** [n, 2] */
  readonly places: Float64Array
  /** Σ over pairs of (distance − wanted)² */
  readonly stress: number
}

/**
 * Places whose distances are as near as may be to those given: metric scaling by majorisation, the best of several starts
 * that are always the same.
 * @param wanted distances [n, n], symmetric
 * @source de Leeuw 1977, SMACOF
 */
export function distanceMap(wanted: Float64Array, n: number): DistanceMap {
  const next = generator(0)
  const width = wanted.reduce((most, distance) => Math.max(most, distance), 0)
  const begun = Array.from({ length: startsOf(n) }, () => {
    const first = Float64Array.from({ length: 2 * n }, () => (next() - 0.5) * width)
    return settled(first, wanted, n, n > many ? firstSteps : mostSteps)
  }).sort((a, b) => a.stress - b.stress)
  if (n <= many) return begun[0]!
  return begun
    .slice(0, followed)
    .map(({ places }) => settled(places, wanted, n, mostSteps))
    .reduce((best, own) => (own.stress < best.stress ? own : best))
}

function settled(first: Float64Array, wanted: Float64Array, n: number, steps: number): DistanceMap {
  let places = first
  let stress = Infinity
  for (let step = 0; step < steps; step++) {
    const moved = new Float64Array(2 * n)
    const sum = moveAll(places, moved, wanted, n)
    // The stress is of the places as they are.
    if (stress - sum <= enough * sum) return { places, stress: sum }
    stress = sum
    places = moved
  }
  return { places, stress: moveAll(places, new Float64Array(2 * n), wanted, n) }
}

/**
 * One step: each pair pulls its two along their line to the distance wanted.
 * @param moved where they come to, from zeros
 * @returns the stress before it
 * @source Guttman's transform
 */
function moveAll(
  places: Float64Array,
  moved: Float64Array,
  wanted: Float64Array,
  n: number
): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    const x = places[2 * i]!
    const y = places[2 * i + 1]!
    let right = 0
    let down = 0
    for (let j = 0; j < i; j++) {
      const dx = x - places[2 * j]!
      const dy = y - places[2 * j + 1]!
      const distance = Math.sqrt(dx * dx + dy * dy)
      const own = wanted[i * n + j]!
      sum += (distance - own) * (distance - own)
      if (distance === 0) continue
      const pull = own / distance / n
      right += pull * dx
      down += pull * dy
      moved[2 * j]! -= pull * dx
      moved[2 * j + 1]! -= pull * dy
    }
    moved[2 * i]! += right
    moved[2 * i + 1]! += down
  }
  return sum
}
