/**
 * The smallest number, the quartiles and the largest, between numbers by straight lines; NaN where there are none.
 * @param numbers in any order; those that are NaN do not count
 * @source Hyndman & Fan 1996, definition 7: NumPy's default
 */
export function quartiles(numbers: Float64Array): readonly number[] {
  const sorted = numbers.filter(value => !Number.isNaN(value)).sort()
  return [0, 0.25, 0.5, 0.75, 1].map(share => quantileOf(sorted, share))
}

/** @param sorted the smallest first @param share from 0 to 1 */
export function quantileOf(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN
  const at = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  // Of two infinities there is nothing between.
  return below === above ? below : below + (above - below) * (at - Math.floor(at))
}
