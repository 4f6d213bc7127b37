import { expect, it } from 'vitest'
import { niceAxis, roundValues } from '#common/figure/nice-axis.ts'

it.each([
  [0, 0.383, { min: 0, max: 0.4, step: 0.1 }],
  [0, 1, { min: 0, max: 1, step: 0.2 }],
  [-0.13, 0.22, { min: -0.2, max: 0.3, step: 0.1 }],
  [0, 0, { min: 0, max: 0.2, step: 0.2 }],
  [0, 19.7, { min: 0, max: 20, step: 5 }],
  [0, 0.0031, { min: 0, max: 0.004, step: 0.001 }]
])('from %d to %d has round ends and steps', (low, high, axis) => {
  expect(niceAxis(low, high, 5)).toEqual(axis)
})

it('counts zero and both ends of an axis that is made of tenths', () => {
  expect(roundValues(-0.6, 0.8, 0.2)).toEqual([-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8])
})
