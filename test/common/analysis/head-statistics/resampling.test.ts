import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import {
  bootstrapIntervals,
  flippedP,
  pooledMean,
  spreadOf
} from '#common/analysis/head-statistics/resampling.ts'

const rows = (...values: number[][]) => values.map(row => Float64Array.from(row))

describe('flippedP', () => {
  it('is how often all signs fall alike', () => {
    const differences = rows([1], [2], [1.5], [1.2], [0.9])
    // Of 32 ways to sign five windows one is as far.
    expect(flippedP(differences, 1, { times: 20_000, numbers: () => generator(1) })[0]).toBeCloseTo(
      1 / 32,
      2
    )
    expect(
      flippedP(rows([-1], [-2], [-3]), 1, { times: 1000, numbers: () => generator(1) })[0]
    ).toBe(1)
    expect(flippedP(rows([1]), 1, { times: 1000, numbers: () => generator(1) })[0]).toBeNaN()
    expect(
      flippedP(rows([1], [2]), 1, { times: 20_000, numbers: () => generator(1) })[0]
    ).toBeCloseTo(1 / 4, 2)
  })

  it('counts sums that are equal but for rounding', () => {
    // Of 16 ways 6 sum to 0.3 or more, two of them in another order than the windows.
    const differences = rows([0.1], [0.2], [0.3], [-0.3])
    expect(flippedP(differences, 1, { times: 20_000, numbers: () => generator(1) })[0]).toBeCloseTo(
      6 / 16,
      2
    )
  })

  it('is no smaller of windows that are all alike, and never 0', () => {
    const alike = (windows: number) => rows(...Array.from({ length: windows }, () => [0.5]))
    expect(flippedP(alike(3), 1, { times: 20_000, numbers: () => generator(1) })[0]).toBeCloseTo(
      1 / 8,
      2
    )
    expect(flippedP(alike(40), 1, { times: 100, numbers: () => generator(1) })[0]).toBe(1 / 101)
  })

  it('is wrong of any of many heads as rarely as it says', () => {
    const next = generator(7)
    const noise = () => next() + next() + next() - 1.5
    const families = Array.from({ length: 200 }, () => {
      const differences = Array.from({ length: 12 }, () => Float64Array.from({ length: 16 }, noise))
      return Math.min(...flippedP(differences, 16, { times: 200, numbers: () => generator(3) }))
    })
    const wrong = families.filter(p => p <= 0.05).length
    // 10 of 200 are expected; uncorrected it would be more than 100.
    expect(wrong).toBeGreaterThan(1)
    expect(wrong).toBeLessThan(22)
  })
})

describe('windows', () => {
  const sample = { values: rows([1, 0], [2, 0], [6, 0]), weights: [1, 1, 2] }

  it('are weighed in the mean and alike in the spread', () => {
    expect(pooledMean(sample, 0)).toBe(15 / 4)
    expect(spreadOf(sample, 0)).toBeCloseTo(Math.sqrt(7), 12)
    expect(spreadOf({ values: rows([1]), weights: [1] }, 0)).toBeNaN()
  })

  it('are drawn anew for an interval', () => {
    const next = generator(5)
    const values = Array.from({ length: 400 }, () => Float64Array.of(next()))
    const weights = values.map(() => 1)
    const { low, high } = bootstrapIntervals({ values, weights }, 1, {
      times: 2000,
      numbers: () => generator(2)
    })
    // Uniform numbers: their mean lies within 1.96 standard errors of √(1/12/400).
    const width = 2 * 1.96 * Math.sqrt(1 / 12 / 400)
    expect(high[0]! - low[0]!).toBeGreaterThan(0.9 * width)
    expect(high[0]! - low[0]!).toBeLessThan(1.1 * width)
    const mean = pooledMean({ values, weights }, 0)
    expect(low[0]).toBeLessThan(mean)
    expect(high[0]).toBeGreaterThan(mean)
  })

  it('ends at 2.5 and 97.5 of 100 means', () => {
    const count = 201
    const values = rows(...Array.from({ length: count }, (_, window) => [window]))
    const weights = new Array<number>(count).fill(1)
    let calls = 0
    // Each draw takes one window alone, and the next draw the next.
    const next = () => (Math.floor(calls++ / count) + 0.5) / count
    const { low, high } = bootstrapIntervals({ values, weights }, 1, {
      times: count,
      numbers: () => next
    })
    expect([low[0], high[0]]).toEqual([5, 195])
  })
})
