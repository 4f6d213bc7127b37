import { expect, it } from 'vitest'
import { quickExp } from '#common/analysis/quick-exp.ts'

it('is the exponential of what is not above 0, and nothing far below', () => {
  for (let x = 0; x > -40; x -= 0.00317)
    expect(Math.abs(quickExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-12)
  expect(quickExp(0)).toBe(1)
  expect(quickExp(-40)).toBeCloseTo(Math.exp(-40), 30)
  expect(quickExp(-41)).toBe(0)
  expect(quickExp(-Infinity)).toBe(0)
  expect(quickExp(NaN)).toBeNaN()
})
