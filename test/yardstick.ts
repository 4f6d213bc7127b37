/**
 * Work of a known length, in reach of caches and beyond it, to judge a machine by: one that has much else to do is slower
 * also by its processor's time. It needs nothing from outside, for a page does it, too.
 */
export function yardstick(): number {
  let found = 0
  for (let round = 0; round < 10; round++) {
    const values = new Float64Array(400_000)
    for (let i = 0; i < values.length; i++) values[i] = Math.sin(i)
    const names = new Map<string, number>()
    for (let i = 0; i < values.length; i += 40) names.set(`${i}`, values[i]!)
    found += names.size
  }
  return found
}

/** What a machine of two processors that does nothing else takes for it, in ms. */
const usual = 250

/** How many times as long as such a machine this one takes; 1 at least. @param taken for the yardstick, in ms */
export function slowness(taken: number): number {
  return Math.max(1, taken / usual)
}
