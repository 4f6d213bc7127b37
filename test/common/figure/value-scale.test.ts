import { describe, expect, it } from 'vitest'
import { positionInRange, scaled, unscaled, valueScales } from '#common/figure/value-scale.ts'

describe('value scales', () => {
  it('follow their formulas', () => {
    expect(scaled('linear', 0.3)).toBe(0.3)
    expect(scaled('sqrt', 0.25)).toBe(0.5)
    expect(scaled('log1p', 0.01)).toBeCloseTo(Math.log(2), 12)
    expect(scaled('sqrt', -0.25)).toBe(-0.5)
    expect(scaled('log1p', -0.01)).toBeCloseTo(-Math.log(2), 12)
  })

  it.each(valueScales)('%s is undone by its inverse', scale => {
    for (const value of [0, 0.001, 0.2, 1, -0.3])
      expect(unscaled(scale, scaled(scale, value))).toBeCloseTo(value, 12)
  })

  it.each(valueScales)('%s spans its range and clamps outside it', scale => {
    const range = { low: 0.1, high: 0.6 }
    expect(positionInRange(scale, range, 0.1)).toBe(0)
    expect(positionInRange(scale, range, 0.6)).toBe(1)
    expect(positionInRange(scale, range, 0)).toBe(0)
    expect(positionInRange(scale, range, 2)).toBe(1)
  })

  it('puts the only value of an empty range at its end', () => {
    expect(positionInRange('linear', { low: 1, high: 1 }, 1)).toBe(1)
    expect(positionInRange('linear', { low: 0, high: 0 }, 0)).toBe(0)
  })
})
