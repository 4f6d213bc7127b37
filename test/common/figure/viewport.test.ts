import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clamped,
  fitted,
  panned,
  revealing,
  visibleCells,
  zoomed
} from '#common/figure/viewport.ts'

const stage = { size: 100, width: 560, height: 500, ratio: 1 }

describe('fitted', () => {
  it('shows everything in whole pixels where little is lost', () => {
    expect(fitted(stage)).toEqual({ cell: 5, row: 0, column: 0 })
    expect(fitted({ ...stage, size: 98 }).cell).toBe(5)
  })
  it('fills the room where whole pixels would lose much', () =>
    expect(fitted({ ...stage, size: 130 }).cell).toBeCloseTo(500 / 130, 9))
  it('uses the pixels of the screen', () =>
    expect(fitted({ ...stage, size: 200, ratio: 2 }).cell).toBe(2.5))
})

describe('zoomed', () => {
  it('keeps the point under the pointer', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.1, max: 8, noNaN: true }), factor => {
        const view = zoomed(fitted(stage), stage, 4, 250, 250)
        const before = view.column + 300 / view.cell
        const next = zoomed(view, stage, factor, 300, 200)
        expect(next.column + 300 / next.cell).toBeCloseTo(before, 6)
      })
    )
  })
  it('never becomes smaller than fitted', () =>
    expect(zoomed(fitted(stage), stage, 0.1, 0, 0)).toEqual(fitted(stage)))
})

describe('panned', () => {
  it('stays inside the matrix', () => {
    const view = zoomed(fitted(stage), stage, 4, 0, 0)
    expect(panned(view, stage, 1e6, 1e6)).toMatchObject({ row: 0, column: 0 })
    const end = panned(view, stage, -1e6, -1e6)
    expect(end.row + visibleCells(end, stage, 'height')).toBeCloseTo(100, 9)
    expect(end.column + visibleCells(end, stage, 'width')).toBeCloseTo(100, 9)
  })
  it('follows the drag', () => {
    const view = clamped({ cell: 20, row: 50, column: 50 }, stage)
    expect(panned(view, stage, 40, -20)).toEqual({ cell: 20, row: 51, column: 48 })
  })
})

describe('revealing', () => {
  it('moves no further than needed', () => {
    const view = { cell: 20, row: 50, column: 50 }
    expect(revealing(view, stage, 60, 60)).toEqual(view)
    expect(revealing(view, stage, 40, 60).row).toBe(40)
    expect(revealing(view, stage, 80, 60).row).toBe(81 - 25)
  })
})
