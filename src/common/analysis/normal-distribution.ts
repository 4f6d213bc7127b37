/**
 * How much of a standard normal distribution lies below x; to 1e-15.
 * @source Abramowitz & Stegun 1964, 7.1.6 (a series of positive terms) and 7.1.14 (a continued fraction, for what is far out)
 */
export function normalBelow(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const upper = z < 2 ? 0.5 - erfBySeries(z) / 2 : erfcByFraction(z) / 2
  return x < 0 ? upper : 1 - upper
}

function erfBySeries(z: number): number {
  let term = z
  let sum = z
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= (2 * z * z) / (2 * n + 1)
    sum += term
  }
  return ((2 * sum) / Math.sqrt(Math.PI)) * Math.exp(-z * z)
}

/** From its innermost part outwards: enough of them for any z from 2 on. */
function erfcByFraction(z: number): number {
  let fraction = z
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction
  return Math.exp(-z * z) / (fraction * Math.sqrt(Math.PI))
}
