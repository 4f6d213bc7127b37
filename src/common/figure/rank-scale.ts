import type { ColorBarTick } from './color-bar.ts'

/** Where a rank stands: of the first of so many 1, of the last 0, evenly by the logarithm of 1 + rank. */
export function rankShade(rank: number, count: number): number {
  return 1 - Math.log(1 + rank) / Math.log(count)
}

/** The rank that stands at a place, as `rankShade` has it. */
export function rankAt(shade: number, count: number): number {
  return Math.round(count ** (1 - shade) - 1)
}

/** Ranks along a bar: the first, powers of ten, and the last; at most so many, of which there are two at least. */
export function rankTicks(count: number, most: number): ColorBarTick[] {
  const last = count - 1
  const tens = Array.from({ length: 7 }, (_, power) => 10 ** power).filter(ten => ten < last / 3)
  const step = Math.ceil(tens.length / Math.max(1, most - 2))
  return [0, ...tens.filter((_, i) => i % step === 0), last].map(value => ({
    value,
    position: rankShade(value, count)
  }))
}
