/** How far apart things are by some numbers of each. */
export interface ScoreDistances {
  /** Euclidean, in standard deviations: [n, n]. */
  readonly distances: Float64Array
  /** The scores that tell nothing apart, by their place: alike for all, or not known of some. */
  readonly left: readonly number[]
}

/**
 * Distances by standardised scores: each less its mean, divided by its standard deviation over the things, so that all
 * weigh alike.
 * @param scores [score][thing]
 */
export function scoreDistances(scores: readonly ArrayLike<number>[], n: number): ScoreDistances {
  const distances = new Float64Array(n * n)
  const left: number[] = []
  for (const [place, score] of scores.entries()) {
    const own = standardised(Float64Array.from(score))
    if (own === null) {
      left.push(place)
      continue
    }
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) distances[i * n + j]! += (own[i]! - own[j]!) ** 2
  }
  return { distances: distances.map(Math.sqrt), left }
}

/** Null where there is no deviation to divide by. */
function standardised(values: Float64Array): Float64Array | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const deviation = Math.sqrt(variance)
  // What rounding leaves of equal numbers is no deviation.
  if (!(deviation > 1e-12 * Math.abs(mean))) return null
  return values.map(value => (value - mean) / deviation)
}
