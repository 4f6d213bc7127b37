/** The power law that fits the tail of some numbers best. */
export interface PowerLaw {
  /** The exponent of the density: 1 + n / Σ ln(z / xmin). */
  readonly alpha: number
  /** Its standard error. */
  readonly alphaSigma: number
  /** Where the tail begins. */
  readonly xmin: number
  /** The distance of Kolmogorov and Smirnov between tail and law. */
  readonly ksDistance: number
  /** Numbers in the tail. */
  readonly tail: number
  /** How much larger the next best distance is: below 1e-6 another beginning may win by rounding. */
  readonly margin: number
}

/** By which distance the tail's beginning is chosen. */
export type TailDistance =
  /** max |F − i/n| over i from 0: as plfit and the package powerlaw take it. */
  | 'lower'
  /** max of |F − i/n| and |F − (i + 1)/n|: the distance as it is defined. */
  | 'exact'

/**
 * The power law whose tail is nearest to the numbers from some beginning on, of all beginnings but the largest number.
 * @param numbers positive, in any order
 * @returns null of fewer than two different numbers
 * @source Clauset, Shalizi & Newman 2009, "Power-law distributions in empirical data", sections 3.1 and 3.3
 */
export function powerLaw(numbers: Float64Array, distance: TailDistance): PowerLaw | null {
  const sorted = numbers.slice().sort()
  const logarithms = sorted.map(Math.log)
  let best: Omit<PowerLaw, 'margin'> | null = null
  let next = Infinity
  for (let start = 0; start < sorted.length; start++) {
    const xmin = sorted[start]!
    if (xmin === sorted.at(-1)) break
    if (start > 0 && xmin === sorted[start - 1]) continue
    const n = sorted.length - start
    let sum = 0
    for (let i = start; i < sorted.length; i++) sum += logarithms[i]! - logarithms[start]!
    // Of numbers that differ by rounding alone there is no law.
    if (sum === 0) continue
    const a = n / sum
    const most = largestDistance(logarithms, start, a, distance)
    if (best === null || most < best.ksDistance) {
      next = best?.ksDistance ?? Infinity
      best = { alpha: 1 + a, alphaSigma: a / Math.sqrt(n), xmin, ksDistance: most, tail: n }
    } else if (most < next) next = most
  }
  return best && { ...best, margin: next - best.ksDistance }
}

/** Between the law and the share of the tail that is smaller, of numbers whose logarithms these are. */
function largestDistance(
  logarithms: Float64Array,
  start: number,
  a: number,
  distance: TailDistance
): number {
  const n = logarithms.length - start
  const first = logarithms[start]!
  let most = 0
  for (let i = 0; i < n; i++) {
    const below = 1 - Math.exp(a * (first - logarithms[start + i]!))
    most = Math.max(most, Math.abs(below - i / n))
    if (distance === 'exact') most = Math.max(most, Math.abs(below - (i + 1) / n))
  }
  return most
}
