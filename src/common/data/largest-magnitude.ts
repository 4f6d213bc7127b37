/** How far from zero the furthest of some values is; 0 of none. */
export function largestMagnitude(values: Iterable<number>): number {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return most
}
