import { expect, it } from 'vitest'
import { pathRules, pathSteps, type PathRule } from '#common/analysis/saliency/path-steps.ts'
import { mapCost } from '#common/analysis/saliency/saliency-map.ts'

const integral = (rule: PathRule, steps: number, of: (alpha: number) => number) =>
  pathSteps(rule, steps).reduce((sum, { alpha, weight }) => sum + weight * of(alpha), 0)

it.each(pathRules)(
  'the rule %s is exact for what does not change, and for all of it in the end',
  rule => {
    expect(integral(rule, 5, () => 3)).toBeCloseTo(3, 12)
    expect(integral(rule, 4000, alpha => alpha ** 2)).toBeCloseTo(1 / 3, 3)
  }
)

it('of a straight line midpoint and trapezoid are exact, and the ends are half a step off', () => {
  const of = (rule: PathRule) => integral(rule, 4, alpha => alpha)
  expect(of('midpoint')).toBeCloseTo(1 / 2, 12)
  expect(of('trapezoid')).toBeCloseTo(1 / 2, 12)
  expect(of('left')).toBeCloseTo(1 / 2 - 1 / 8, 12)
  expect(of('right')).toBeCloseTo(1 / 2 + 1 / 8, 12)
  // Of a square the trapezoid is too high by h² / 6, the midpoint too low by h² / 12.
  const square = (rule: PathRule) => integral(rule, 4, alpha => alpha ** 2) - 1 / 3
  expect(square('trapezoid')).toBeCloseTo(1 / 96, 12)
  expect(square('midpoint')).toBeCloseTo(-1 / 192, 12)
})

it('a map of every position takes a way back for each, times steps or samples, or a run for each token', () => {
  const cost = (method: Parameters<typeof mapCost>[0], rule: PathRule = 'midpoint') =>
    mapCost(method, 10, { steps: 6, rule, samples: 3 })
  expect(cost('saliency')).toEqual({ runs: 0, waysBack: 10 })
  expect(cost('grad_x_input')).toEqual({ runs: 0, waysBack: 10 })
  expect(cost('occlusion')).toEqual({ runs: 10, waysBack: 0 })
  expect(cost('leave_one_out')).toEqual({ runs: 10, waysBack: 0 })
  expect(cost('smooth_saliency')).toEqual({ runs: 3, waysBack: 30 })
  // And the run at the beginning of the path.
  expect(cost('ig')).toEqual({ runs: 7, waysBack: 60 })
  expect(cost('ig', 'trapezoid')).toEqual({ runs: 8, waysBack: 70 })
})
