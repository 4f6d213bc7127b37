import { normalBelow } from '../normal-distribution.ts'

/**
 * How far numbers are from a normal distribution of their own mean: the largest difference between the share of them below a
 * place and that of the distribution.
 * @param values finite, in any order
 * @param deviations standard deviations of the distributions, each by a share of `values` of little more or less: one result each
 * @returns NaN where a standard deviation is 0 or there are no values
 * @source Kolmogorov 1933. Values are not sorted: only those of the buckets that may hold the largest difference are.
 */
export function kolmogorovStatistics(
  values: Float32Array,
  mean: number,
  deviations: readonly number[]
): number[] {
  const [deviation = 0] = deviations
  if (values.length === 0 || !(deviation > 0)) return deviations.map(() => NaN)
  const n = values.length
  const scale = buckets / (2 * reach * deviation)
  const start = mean - reach * deviation
  const bucketOf = (value: number) =>
    Math.min(buckets - 1, Math.max(0, Math.floor((value - start) * scale)))
  const counts = new Uint32Array(buckets)
  for (let i = 0; i < n; i++) counts[bucketOf(values[i]!)]!++
  const { first, total } = placesOfCandidates(counts, n)
  const gathered = new Float32Array(total)
  const next = first.slice()
  for (let i = 0; i < n; i++) {
    const bucket = bucketOf(values[i]!)
    if (next[bucket]! >= 0) gathered[next[bucket]!++] = values[i]!
  }
  const largest = deviations.map(() => 0)
  let before = 0
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = counts[bucket]!
    if (count > 0 && first[bucket]! >= 0) {
      const own = gathered.subarray(first[bucket], first[bucket]! + count).sort()
      deviations.forEach((deviation, which) => {
        const found = largestWithin(own, before, n, normalNear(bucket), mean, deviation)
        largest[which] = Math.max(largest[which]!, found)
      })
    }
    before += count
  }
  return largest
}

/** Buckets of equal width, and how many standard deviations they reach to either side; the outer ones hold all beyond. */
const [buckets, reach] = [2 ** 16, 6]

/** Rounding of a value's place among the buckets. */
const margin = 1e-9

/**
 * Where the values of each bucket go that may hold the largest difference; −1 for the others. A bucket tells a least
 * difference at either of its ends and a most within it.
 */
function placesOfCandidates(counts: Uint32Array, n: number) {
  const below = (edges ??= Float64Array.from({ length: buckets + 1 }, (_, i) => edge(i)))
  let least = 0
  let before = 0
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = counts[bucket]!
    if (count > 0) {
      const atStart = below[bucket]! - before / n
      const atEnd = (before + count) / n - below[bucket + 1]!
      least = Math.max(least, atStart - margin, atEnd - margin)
    }
    before += count
  }
  const first = new Int32Array(buckets).fill(-1)
  let total = 0
  before = 0
  // Another standard deviation, of one degree of freedom less, moves the distribution by less than 1/n.
  const slack = margin + 2 / n
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = counts[bucket]!
    const most = Math.max((before + count) / n - below[bucket]!, below[bucket + 1]! - before / n)
    if (count > 0 && most + slack >= least) {
      first[bucket] = total
      total += count
    }
    before += count
  }
  return { first, total }
}

/** The distribution at the edges of all buckets, once it was needed. */
let edges: Float64Array | undefined

function edge(bucket: number): number {
  if (bucket === 0) return 0
  return bucket === buckets ? 1 : normalBelow(zOf(bucket))
}

function zOf(bucket: number): number {
  return (2 * reach * bucket) / buckets - reach
}

/** The distribution near a bucket, by the first terms of its series there. */
function normalNear(bucket: number): (z: number) => number {
  const middle = zOf(bucket)
  const below = normalBelow(middle)
  const density = Math.exp((-middle * middle) / 2) / Math.sqrt(2 * Math.PI)
  return z => {
    const t = z - middle
    if (Math.abs(t) > 1e-3) return normalBelow(z)
    return below + density * t * (1 - (middle * t) / 2 + ((middle * middle - 1) * t * t) / 6)
  }
}

/** @param sorted @param before how many values are smaller */
function largestWithin(
  sorted: Float32Array,
  before: number,
  n: number,
  below: (z: number) => number,
  mean: number,
  deviation: number
): number {
  let largest = 0
  for (let i = 0; i < sorted.length; i++) {
    const expected = below((sorted[i]! - mean) / deviation)
    const over = (before + i + 1) / n - expected
    const under = expected - (before + i) / n
    if (over > largest) largest = over
    if (under > largest) largest = under
  }
  return largest
}
