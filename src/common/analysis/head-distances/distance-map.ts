import { generator } from '../generator.ts'

/** Starts: of few things so many that the best of them is as good as it gets, of many as time allows. */
const startsOf = (n: number) => Math.max(16, Math.min(256, Math.floor(2 ** 20 / n ** 2)))

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
  const width = Math.max(...wanted, 0)
  let best: DistanceMap | null = null
  for (let start = 0; start < startsOf(n); start++) {
    const first = Float64Array.from({ length: 2 * n }, () => (next() - 0.5) * width)
    const found = settled(first, wanted, n)
    if (best === null || found.stress < best.stress) best = found
  }
  return best!
}

function settled(first: Float64Array, wanted: Float64Array, n: number): DistanceMap {
  let places = first
  let stress = Infinity
  for (let step = 0; step < mostSteps; step++) {
    const moved = new Float64Array(2 * n)
    let sum = 0
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const dx = places[2 * i]! - places[2 * j]!
        const dy = places[2 * i + 1]! - places[2 * j + 1]!
        const distance = Math.hypot(dx, dy)
        const own = wanted[i * n + j]!
        sum += (distance - own) ** 2
        // Guttman's transform: each pair pulls its two along their line to the distance wanted.
        const pull = distance === 0 ? 0 : own / distance / n
        moved[2 * i]! += pull * dx
        moved[2 * i + 1]! += pull * dy
        moved[2 * j]! -= pull * dx
        moved[2 * j + 1]! -= pull * dy
      }
    // The stress is of the places as they are.
    if (stress - sum <= enough * sum) return { places, stress: sum }
    stress = sum
    places = moved
  }
  return { places, stress }
}
