/**
 * The lowest and the highest of some values, however many: as arguments of one call they would be more than a stack holds.
 * @param ends what both are at least and at most, such as 0 for an axis that begins there; left out for the values' own alone
 */
export function spanOf(
  values: Iterable<number>,
  ends: { readonly low: number; readonly high: number } = { low: Infinity, high: -Infinity }
): { readonly low: number; readonly high: number } {
  let { low, high } = ends
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return { low, high }
}
