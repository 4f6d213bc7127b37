import { positionInRange, unscaled, scaled } from './value-scale.ts'
import type { ValueRange, ValueScale } from './value-scale.ts'

export interface ColorBarTick {
  readonly value: number
  /** 0 at the low end, 1 at the high end. */
  readonly position: number
}

/** Round values along a colour bar, at most `count` between its two ends, which are always there. */
export function colorBarTicks(scale: ValueScale, range: ValueRange, count: number): ColorBarTick[] {
  const { low, high } = range
  if (!(high > low)) return [{ value: low, position: 0 }]
  const inner: ColorBarTick[] = []
  const from = scaled(scale, low)
  const to = scaled(scale, high)
  for (let i = 1; i <= count; i++) {
    const value = roundTo1(unscaled(scale, from + ((to - from) * i) / (count + 1)))
    const position = positionInRange(scale, range, value)
    const previous = inner.at(-1)?.position ?? 0
    if (position - previous > 0.08 && position < 0.92) inner.push({ value, position })
  }
  return [{ value: low, position: 0 }, ...inner, { value: high, position: 1 }]
}

/** A tick's value, short enough to stand beside the bar: `0.2`, `3.4e−6`. */
export function tickText(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1e-3
  return (small ? value.toExponential(1) : String(Number(value.toPrecision(3)))).replace('-', '−')
}

/** To one significant digit. */
function roundTo1(value: number): number {
  return Number(value.toPrecision(1))
}
