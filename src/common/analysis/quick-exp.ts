/** Steps of the table within 1, and how far it goes. */
const steps = 64
const lowest = -40
const table = Float64Array.from({ length: steps * -lowest + 2 }, (_, n) => Math.exp(-n / steps))

/**
 * e^x of x ≤ 0 within 1e-12 of itself, and 0 below e^−40: a third of what Math.exp takes, for loops over whole vocabularies.
 * @source a table of e^(−n/64) and Taylor's series of what is left, |r| ≤ 1/128
 */
export function quickExp(x: number): number {
  if (x < lowest) return 0
  const n = (0.5 - x * steps) | 0
  const r = x + n / steps
  return table[n]! * (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r / 24))))
}
