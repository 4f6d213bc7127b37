import { describe, expect, it } from 'vitest'
import { divergences } from '#common/analysis/kl-divergence.ts'

const logits = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log)

describe('divergences', () => {
  it('of two coins are in closed form, each way', () => {
    const { kl, reverse } = divergences(logits(0.5, 0.5), logits(0.25, 0.75))
    expect(kl).toBeCloseTo(0.5 * Math.log(4 / 3), 6)
    expect(reverse).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 6)
  })

  it('of equals are 0, whatever is added to logits', () => {
    const { kl, reverse } = divergences(Float32Array.of(1, 2, -3), Float32Array.of(51, 52, 47))
    expect(kl).toBeCloseTo(0, 12)
    expect(reverse).toBeCloseTo(0, 12)
  })

  it('count nothing where neither has anything, and are infinite where one alone has', () => {
    const never = -Infinity
    const half = Float32Array.of(0, 0, never)
    expect(divergences(half, half)).toEqual({ kl: 0, reverse: 0 })
    const { kl, reverse } = divergences(half, Float32Array.of(0, never, never))
    expect(kl).toBe(Infinity)
    expect(reverse).toBeCloseTo(Math.LN2, 12)
  })
})
