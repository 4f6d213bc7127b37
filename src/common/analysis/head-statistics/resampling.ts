/** How often windows are drawn anew, and by which numbers. */
export interface Draws {
  readonly times: number
  /** Begins numbers from 0 up to 1. */
  readonly numbers: () => () => number
}

/** Numbers of some heads over some windows. */
export interface Sample {
  /** [window][head] */
  readonly values: readonly Float64Array[]
  /** What each window's numbers are means over. */
  readonly weights: readonly number[]
}

/** The same of one score. */
export interface ScoreSample extends Sample {
  /** [window][head]; null where there is no baseline. */
  readonly baselines: readonly Float64Array[] | null
}

/** Mean over windows by their weights, of one head. */
export function pooledMean({ values, weights }: Sample, head: number): number {
  let sum = 0
  let weight = 0
  values.forEach((own, window) => {
    sum += own[head]! * weights[window]!
    weight += weights[window]!
  })
  return sum / weight
}

/** Standard deviation over windows, of one head; NaN of fewer than two. */
export function spreadOf({ values }: Sample, head: number): number {
  const mean = values.reduce((sum, own) => sum + own[head]!, 0) / values.length
  const squares = values.reduce((sum, own) => sum + (own[head]! - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}

/**
 * Intervals that hold 95 of 100 means of as many windows drawn anew, of each head; NaN of fewer than two windows.
 * @param draws null where windows are not independent, so that they cannot be drawn: NaN
 * @source Efron 1979; percentiles
 */
export function bootstrapIntervals(
  { values, weights }: Sample,
  heads: number,
  draws: Draws | null
): { readonly low: Float64Array; readonly high: Float64Array } {
  const count = values.length
  const low = new Float64Array(heads).fill(NaN)
  const high = new Float64Array(heads).fill(NaN)
  if (count < 2 || draws === null) return { low, high }
  const { times } = draws
  const next = draws.numbers()
  const means = Array.from({ length: heads }, () => new Float64Array(times))
  for (let draw = 0; draw < times; draw++) {
    const sums = new Float64Array(heads)
    let weight = 0
    for (let i = 0; i < count; i++) {
      const window = Math.floor(next() * count)
      const own = values[window]!
      weight += weights[window]!
      for (let head = 0; head < heads; head++) sums[head]! += own[head]! * weights[window]!
    }
    for (let head = 0; head < heads; head++) means[head]![draw] = sums[head]! / weight
  }
  means.forEach((own, head) => {
    own.sort()
    low[head] = own[Math.floor(0.025 * (times - 1))]!
    high[head] = own[Math.ceil(0.975 * (times - 1))]!
  })
  return { low, high }
}

/**
 * How probable it is that any of the heads is as far above its baseline, were it above and below it alike: p of each head,
 * corrected for how many there are. NaN of fewer than two windows.
 * @param differences from the baseline, [window][head]
 * @param draws null where windows are not independent, so that their signs tell nothing: NaN
 * @source sign flips: Fisher 1935; the largest t of all heads: Westfall & Young 1993
 */
export function flippedP(
  differences: readonly Float64Array[],
  heads: number,
  draws: Draws | null
): Float64Array {
  const count = differences.length
  if (count < 2 || draws === null) return new Float64Array(heads).fill(NaN)
  const { times } = draws
  const next = draws.numbers()
  const squares = new Float64Array(heads)
  for (const own of differences) own.forEach((d, head) => (squares[head]! += d * d))
  const statistic = (sum: number, head: number) => {
    const mean = sum / count
    const variance = Math.max(0, squares[head]! - count * mean ** 2) / (count - 1)
    return mean === 0 ? 0 : (mean * Math.sqrt(count)) / Math.sqrt(variance)
  }
  const sumsOf = (signs: readonly number[]) => {
    const sums = new Float64Array(heads)
    differences.forEach((own, window) => {
      for (let head = 0; head < heads; head++) sums[head]! += own[head]! * signs[window]!
    })
    return sums
  }
  const seen = sumsOf(new Array<number>(count).fill(1)).map(statistic)
  const exceeded = new Float64Array(heads)
  for (let time = 0; time < times; time++) {
    const signs = Array.from({ length: count }, () => (next() < 0.5 ? -1 : 1))
    let largest = -Infinity
    for (const [head, sum] of sumsOf(signs).entries())
      largest = Math.max(largest, statistic(sum, head))
    // What is equal but for rounding is as far; t of windows that are all alike is infinite.
    seen.forEach((own, head) => {
      if (largest >= own || largest >= own - 1e-12 * Math.abs(own)) exceeded[head]!++
    })
  }
  return exceeded.map(count => (count + 1) / (times + 1))
}
