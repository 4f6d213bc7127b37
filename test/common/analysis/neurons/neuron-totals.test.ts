import { expect, it } from 'vitest'
import {
  activeShares,
  addTotals,
  deviationsOf,
  noTotals
} from '#common/analysis/neurons/neuron-totals.ts'

it('counts what is above the threshold, and not what float32 rounds to above it', () => {
  const totals = noTotals(3)
  addTotals(totals, Float32Array.of(3.1e-7, 2e-6, -1, -0.1, 0, 2), 0)
  expect([...totals.active]).toEqual([0, 1, 1])
  expect([...totals.most]).toEqual([...Float32Array.of(3.1e-7, 2e-6, 2)])
  const above = noTotals(3)
  addTotals(above, Float32Array.of(0.5, 0.500002, 1), 0.5)
  expect([...above.active]).toEqual([0, 1, 1])
})

it('has no share of a neuron with a value that is NaN, which is not dead for that', () => {
  const totals = noTotals(3)
  addTotals(totals, Float32Array.of(NaN, 1, -1, 2, 1, -1), 0)
  expect([...activeShares(totals, 2)]).toEqual([NaN, 1, 0])
})

it('keeps the digits of a small deviation from a large mean, over windows too', () => {
  const totals = noTotals(3)
  const near = [-1, 1, 1, -1, 3, -3]
  for (const windows of [near.slice(0, 1), near.slice(1)])
    addTotals(
      totals,
      Float32Array.from(windows.flatMap(by => [2 ** 23 + by, 0.1, 2 ** 120 * by])),
      0
    )
  const [large, constant, huge] = deviationsOf(totals)
  expect(large).toBeCloseTo(Math.sqrt(22 / 6), 12)
  expect(constant).toBe(0)
  expect(huge! / 2 ** 120).toBeCloseTo(Math.sqrt(22 / 6), 12)
})
