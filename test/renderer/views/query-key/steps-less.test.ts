import { describe, expect, it } from 'vitest'
import { furthestPlaces } from '#common/figure/views/query-key-less.ts'
import type { ScoreStep } from '../../../../src/renderer/src/views/query-key/score-steps.ts'
import { stepsLess } from '../../../../src/renderer/src/views/query-key/steps-less.ts'

const step = (name: string, value: number): ScoreStep => ({
  ...{ name, value, formula: '', kind: 'value' }
})

describe('the steps of two weights', () => {
  it('stand beside each other by their names, with what they differ by', () => {
    const a = [step('q · k', 3), step('scaled', 1.5), step('weight', 0.5)]
    const b = [step('q · k', 1), step('scaled', 0.5), step('masked', -Infinity), step('weight', 0)]
    expect(stepsLess(a, b)).toMatchObject([
      { name: 'q · k', first: 3, second: 1, difference: 2 },
      { name: 'scaled', difference: 1 },
      { name: 'masked', first: NaN, second: -Infinity, difference: NaN },
      { name: 'weight', difference: 0.5 }
    ])
  })

  it('are those of either rounding where both are called so', () => {
    const a = [step('rounding', 3), step('score', 2), step('rounding', 1)]
    const b = [step('rounding', 1), step('score', 2), step('rounding', 0.5)]
    expect(stepsLess(a, b).map(({ difference }) => difference)).toEqual([2, 0, 0.5])
  })
})

describe('the places that differ most', () => {
  it('are those furthest from zero, of either sign; without those that do not differ', () => {
    expect(furthestPlaces(Float64Array.of(0.1, -0.5, 0, NaN, 0.3, Infinity), 2)).toEqual([1, 4])
  })
})
