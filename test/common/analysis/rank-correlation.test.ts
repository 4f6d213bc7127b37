import { expect, it } from 'vitest'
import { rankCorrelation } from '#common/analysis/rank-correlation.ts'

it('is 1 of equal orders, −1 of opposite ones, and shares ranks of equal entries', () => {
  expect(rankCorrelation([1, 2, 10], [3, 4, 5])).toBeCloseTo(1, 12)
  expect(rankCorrelation([1, 2, 10], [5, 4, 3])).toBeCloseTo(-1, 12)
  // scipy.stats.spearmanr([1, 2, 2, 4], [4, 1, 3, 2])
  expect(rankCorrelation([1, 2, 2, 4], [4, 1, 3, 2])).toBeCloseTo(-0.632455532, 8)
  expect(rankCorrelation([1, 1], [1, 2])).toBeNaN()
  expect(rankCorrelation([NaN, NaN, NaN], [NaN, NaN, NaN])).toBeNaN()
  expect(rankCorrelation([1, 2, 3], [1, NaN, 3])).toBeNaN()
})
