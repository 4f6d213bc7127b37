import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { stepReport } from '#common/analysis/project/step-report.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('tells shares of the whole once each, and pictures every so often, which stay as they were', () => {
  const told: [done: number, total: number, places: readonly number[] | null][] = []
  const report = stepReport(
    (done, total, places) => told.push([done, total, places ? [...places] : null]),
    0.5,
    1
  )
  const places = Float64Array.of(1, 2)
  report(0, 10, places)
  places[0] = 5
  report(0, 10, places)
  report(5, 10, places)
  vi.advanceTimersByTime(200)
  report(5, 10, places)
  report(6, 10)
  expect(told).toEqual([
    [500, 1000, [1, 2]],
    [750, 1000, null],
    [750, 1000, [5, 2]],
    [800, 1000, null]
  ])
})
