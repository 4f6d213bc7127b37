/** How a weight between 0 and 1 becomes a brightness. */
export const valueScales = ['linear', 'log1p', 'sqrt'] as const

export type ValueScale = (typeof valueScales)[number]

/** The formula of each scale, for display. */
export const valueScaleFormulas: Readonly<Record<ValueScale, string>> = {
  linear: 'w',
  log1p: 'ln(1 + 100 w)',
  sqrt: '√w'
}

/** The lowest and highest value that colours tell apart. */
export interface ValueRange {
  readonly low: number
  readonly high: number
}

/** A scale's own unit for a value; of a negative one, that of its size below zero. */
export function scaled(scale: ValueScale, value: number): number {
  // Weights are at most 1, where ln(1 + w) is nearly straight; in per cent it tells small ones apart.
  if (scale === 'log1p') return Math.sign(value) * Math.log1p(100 * Math.abs(value))
  if (scale === 'sqrt') return Math.sign(value) * Math.sqrt(Math.abs(value))
  return value
}

/** The value at a scale's own unit: the inverse of {@link scaled}. */
export function unscaled(scale: ValueScale, unit: number): number {
  if (scale === 'log1p') return (Math.sign(unit) * Math.expm1(Math.abs(unit))) / 100
  if (scale === 'sqrt') return unit * Math.abs(unit)
  return unit
}

/** Where a value lies in its range on this scale: 0 at the low end, 1 at the high end, clamped. */
export function positionInRange(scale: ValueScale, range: ValueRange, value: number): number {
  const low = scaled(scale, range.low)
  const width = scaled(scale, range.high) - low
  if (!(width > 0)) return value >= range.high && range.high > 0 ? 1 : 0
  return Math.min(1, Math.max(0, (scaled(scale, value) - low) / width))
}
