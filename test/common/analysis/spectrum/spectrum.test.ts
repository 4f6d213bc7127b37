import { describe, expect, it } from 'vitest'
import { powerLaw } from '#common/analysis/spectrum/power-law.ts'
import { bulkEdges, spectrumNumbers } from '#common/analysis/spectrum/spectrum-numbers.ts'

describe('powerLaw', () => {
  it('finds the exponent and the beginning of a tail that follows one', () => {
    // The quantiles of a law of exponent 3 from 1 on, and before it what follows none.
    const tail = Array.from({ length: 400 }, (_, i) => (1 - (i + 0.5) / 400) ** -0.5)
    const before = Array.from({ length: 100 }, (_, i) => 0.5 + i / 250)
    for (const distance of ['lower', 'exact'] as const) {
      const {
        alpha,
        xmin,
        tail: size
      } = powerLaw(Float64Array.from([...tail, ...before]), distance)!
      expect(alpha).toBeCloseTo(3, 1)
      expect(xmin).toBeGreaterThan(0.89)
      expect(size).toBeGreaterThan(350)
    }
  })

  it('of two numbers begins at the smaller; of one, or of equal ones, there is none', () => {
    const law = powerLaw(Float64Array.of(Math.E, 1), 'lower')!
    // a = 2 / (0 + 1); F(e) = 1 − e⁻², beside 1/2.
    expect(law).toMatchObject({ xmin: 1, tail: 2, alpha: 3, margin: Infinity })
    expect(law.ksDistance).toBeCloseTo(0.5 - Math.exp(-2), 12)
    expect(powerLaw(Float64Array.of(1, Math.E), 'exact')!.ksDistance).toBeCloseTo(0.5, 12)
    expect(powerLaw(Float64Array.of(5), 'lower')).toBeNull()
    expect(powerLaw(Float64Array.of(5, 5), 'lower')).toBeNull()
    expect(powerLaw(Float64Array.of(), 'exact')).toBeNull()
  })

  it('of numbers that differ by rounding alone there is none', () => {
    const next = 1.16e77 * (1 + Number.EPSILON)
    expect(powerLaw(Float64Array.of(1.16e77, 1.16e77, next), 'lower')).toBeNull()
    // Beside others the beginning is not among them.
    const law = powerLaw(Float64Array.of(1, 2, 4, 1.16e77, next), 'lower')!
    expect(law.xmin).toBeLessThan(5)
    expect(law.alpha).toBeLessThan(2)
  })
})

describe('spectrumNumbers', () => {
  it('of equal values: every rank is their number', () => {
    const found = spectrumNumbers(Float64Array.of(2, 2, 2, 2), 9)
    for (const rank of ['stableRank', 'effectiveRank', 'effectiveRankEnergy', 'rank'] as const)
      expect(found[rank]).toBeCloseTo(4, 12)
    expect(found.conditionNumber).toBe(1)
    expect([...found.cumulative]).toEqual([0.25, 0.5, 0.75, 1])
  })

  it('of one that is not zero: every rank is 1, and there is no condition number', () => {
    const found = spectrumNumbers(Float64Array.of(3, 0), 2)
    expect(found).toMatchObject({ stableRank: 1, effectiveRank: 1, rank: 1, conditionNumber: NaN })
  })

  it('is not defined of nothing and of what is not finite', () => {
    expect(spectrumNumbers(Float64Array.of(0, 0), 2)).toMatchObject({
      stableRank: NaN,
      effectiveRank: NaN,
      rank: 0
    })
    expect(spectrumNumbers(Float64Array.of(NaN), 2).rank).toBeNaN()
  })
})

describe('bulkEdges', () => {
  it('are the ends of the singular values of chance', () => {
    expect(bulkEdges(0.5, 9, 4)).toEqual({ lower: 0.5, upper: 2.5 })
  })
})
