import { describe, expect, it } from 'vitest'
import { principalComponents } from '#common/analysis/principal-components.ts'

describe('principalComponents', () => {
  it('finds the line that points lie on, wherever it begins', () => {
    const points = [-2, -1, 0, 1, 4].flatMap(t => [100 + 3 * t, -7 - 4 * t])
    const { variances, ratio, components, scores } = principalComponents(
      Float64Array.from(points),
      [5, 2],
      { count: 2 }
    )
    // Distances from the mean, t = 0.4, along a direction of length 5.
    expect(variances[0]).toBeCloseTo(
      (25 * (2.4 ** 2 + 1.4 ** 2 + 0.4 ** 2 + 0.6 ** 2 + 3.6 ** 2)) / 4
    )
    expect([...ratio].map(value => value.toFixed(12))).toEqual(['1.000000000000', '0.000000000000'])
    expect(components[0]).toBeCloseTo(0.6, 12)
    expect(components[1]).toBeCloseTo(-0.8, 12)
    ;[-12, -7, -2, 3, 18].forEach((score, row) => expect(scores[2 * row]).toBeCloseTo(score, 10))
  })

  it('is the same from either side: of a wide matrix as of one with rows of zeros more', () => {
    const wide = [
      [1, 2, 3, 4],
      [4, 1, 0, 2],
      [0, 5, 2, 2]
    ]
    const own = principalComponents(Float64Array.from(wide.flat()), [3, 4], { count: 2 })
    expect(own.ratio.length).toBe(3)
    // By hand: the scores are the rows less their mean, along the components.
    const mean = [5 / 3, 8 / 3, 5 / 3, 8 / 3]
    wide.forEach((row, i) =>
      [0, 1].forEach(component => {
        const along = row.reduce(
          (sum, value, column) =>
            sum + (value - mean[column]!) * own.components[component * 4 + column]!,
          0
        )
        expect(own.scores[i * 2 + component]).toBeCloseTo(along, 12)
      })
    )
    const variance = (component: number) =>
      [0, 1, 2].reduce((sum, i) => sum + own.scores[i * 2 + component]! ** 2, 0) / 2
    expect(variance(0)).toBeCloseTo(own.variances[0]!, 12)
    expect(variance(1)).toBeCloseTo(own.variances[1]!, 12)
  })

  it('weighs columns alike where they are standardised, and leaves one that does not vary', () => {
    const rows = [1000, 1, 0.1, -1000, 2, 0.1, 3000, -3, 0.1, 500, 4, 0.1]
    const { variances } = principalComponents(Float64Array.from(rows), [4, 3], {
      count: 1,
      standardised: true
    })
    // Each column that varies has 4/3; the third none.
    expect(variances.reduce((sum, value) => sum + value, 0)).toBeCloseTo(8 / 3, 12)
    expect(variances[2]).toBeCloseTo(0, 12)
  })

  it('turns each component so that its largest score is positive', () => {
    const { scores } = principalComponents(Float64Array.of(1, 0, 2, 0, -9, 1), [3, 2], { count: 2 })
    for (const component of [0, 1]) {
      const own = [0, 1, 2].map(row => scores[row * 2 + component]!)
      expect(Math.max(...own)).toBe(Math.max(...own.map(Math.abs)))
    }
  })
})
