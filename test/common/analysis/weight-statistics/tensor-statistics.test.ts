import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { normalBelow } from '#common/analysis/normal-distribution.ts'
import { kolmogorovExceeded } from '#common/analysis/weight-statistics/kolmogorov-distribution.ts'
import { kolmogorovStatistics } from '#common/analysis/weight-statistics/kolmogorov-statistic.ts'
import {
  histogram,
  largestPlaces,
  modifiedZScores,
  tensorStatistics
} from '#common/analysis/weight-statistics/tensor-statistics.ts'

const floats = (...values: number[]) => Float32Array.from(values)

describe('tensorStatistics', () => {
  it('leaves what is not finite out of all but its count', () => {
    const found = tensorStatistics(floats(1, NaN, 3, Infinity, -Infinity, 2), [2, 3])
    expect(found).toMatchObject({ count: 6, nan: 1, infinite: 2, mean: 2, min: 1, max: 3 })
    expect(found.std1).toBeCloseTo(1, 12)
    expect(found.skewness).toBeCloseTo(0, 12)
    expect([...found.sides!.rows.norms]).toEqual([NaN, NaN])
    expect([...found.sides!.columns.norms]).toEqual([NaN, NaN, Math.sqrt(13)])
  })

  it('has no shape where all numbers are equal', () => {
    const found = tensorStatistics(floats(0.1, 0.1, 0.1), [3])
    expect(found).toMatchObject({ std: 0, std1: 0, ks: NaN, ksP: NaN, skewness: NaN, sides: null })
  })

  it.each([
    [
      'nothing',
      floats(),
      { count: 0, mean: NaN, std: NaN, min: NaN, norm: 0, ks: NaN, zeros: NaN }
    ],
    ['one number', floats(-3), { count: 1, mean: -3, std: 0, std1: NaN, norm: 3, zeros: 0 }],
    ['NaN alone', floats(NaN), { count: 1, nan: 1, mean: NaN, norm: NaN, max: NaN, ks: NaN }]
  ])('is defined where it can be of %s', (_, data, expected) =>
    expect(tensorStatistics(data, [data.length])).toMatchObject(expected)
  )
})

describe('kolmogorovStatistics', () => {
  const next = generator(5)
  const draw = (n: number, of: () => number) => Float32Array.from({ length: n }, of)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  it.each([
    ['normal', draw(5000, normal)],
    ['uniform', draw(5000, next)],
    ['of two heaps', draw(3000, () => (next() < 0.5 ? -1 : 1) + next() / 100)],
    ['rounded, many of them equal', draw(5000, () => Math.round(normal() * 3))],
    ['far out now and then', draw(5000, () => (next() < 0.01 ? 1e6 * next() : normal()))],
    ['few', floats(1, 2, 4)]
  ])('is that of sorted numbers, for numbers that are %s', (_, values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const std = Math.sqrt(
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    )
    const std1 = std * Math.sqrt(values.length / (values.length - 1))
    const sorted = values.slice().sort()
    const expected = [std, std1].map(deviation =>
      sorted.reduce((most, value, i) => {
        const below = normalBelow((value - mean) / deviation)
        return Math.max(most, (i + 1) / sorted.length - below, below - i / sorted.length)
      }, 0)
    )
    kolmogorovStatistics(values, mean, [std, std1]).forEach((found, i) =>
      expect(found).toBeCloseTo(expected[i]!, 12)
    )
  })
})

describe('kolmogorovExceeded', () => {
  it('is 2 (1 − d) of one number, which is nowhere nearer than 1/2', () => {
    for (const d of [0.5, 0.6, 0.75, 0.99])
      expect(kolmogorovExceeded(d, 1)).toBeCloseTo(2 * (1 - d), 12)
    expect(kolmogorovExceeded(0.2, 1)).toBe(1)
  })

  // SciPy's kstwo.sf.
  it.each([
    [0.5, 2, 0.5],
    [0.1, 100, 0.2526927570063874],
    [0.07, 150, 0.4345553196134164],
    [0.02, 1000, 0.8108971656895577],
    [0.05, 10_000, 3.632631514370292e-22],
    [0.001, 1_000_000, 0.26982107442589376]
  ])('of %f and %i is what SciPy gives', (d, n, expected) =>
    expect(kolmogorovExceeded(d, n) / expected).toBeCloseTo(1, 5)
  )
})

describe('what stands out', () => {
  it('is told by the median and its distances, which what stands out does not move', () => {
    const z = modifiedZScores(Float64Array.of(1, 2, 3, 4, 1000))
    expect(z[2]).toBe(0)
    expect(z[4]).toBeCloseTo(0.6745 * 997, 9)
    expect(largestPlaces(z, 2)).toEqual([4, 0])
    expect([...modifiedZScores(Float64Array.of(1, 1, 1, 5))]).toEqual(Array(4).fill(NaN))
  })
})

describe('histogram', () => {
  it('counts the largest number in the last range, and what is finite alone', () => {
    expect([...histogram(floats(0, 1, 2, 3, 4, NaN, Infinity), 0, 4, 2)]).toEqual([2, 3])
    expect([...histogram(floats(7, 7), 7, 7, 3)]).toEqual([2, 0, 0])
    expect([...histogram(floats(NaN), NaN, NaN, 1)]).toEqual([NaN])
  })

  it('counts a number that is an edge in the range that begins there, as NumPy does', () => {
    for (const bins of [3, 7, 10, 49, 64]) {
      const max = bins / 128
      const edges = floats(...Array.from({ length: bins + 1 }, (_, i) => i / 128))
      const own = [...histogram(edges, 0, max, bins)]
      expect(own).toEqual([...Array<number>(bins - 1).fill(1), 2])
    }
    const shifted = floats(...Array.from({ length: 50 }, (_, i) => (i - 21) / 64))
    expect([...histogram(shifted, -21 / 64, 28 / 64, 49)]).toEqual([
      ...Array<number>(48).fill(1),
      2
    ])
  })
})
