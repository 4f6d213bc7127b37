import { describe, expect, it } from 'vitest'
import { isWhole, lengthOf, wholeRegion } from '#common/analysis/tensor-map/region.ts'
import {
  around,
  moved,
  revealing,
  zoomed
} from '../../../../src/renderer/src/views/tensor/region.ts'

const room = { width: 800, height: 400 }
const square = { rows: 400, columns: 800 }
/** Much longer than wide. */
const long = { rows: 50_000, columns: 800 }

describe('zooming', () => {
  it('keeps the number under the pointer where it is', () => {
    const near = zoomed(wholeRegion(square), square, room, 4, { x: 0.25, y: 0.5 })
    expect(near).toEqual({ rows: [150, 250], columns: [150, 350] })
    // Number 200 across was, and is, at a quarter.
    expect((200 - near.columns[0]) / lengthOf(near.columns)).toBe(0.25)
  })

  it('takes a long tensor along its length until its numbers are square', () => {
    const half = zoomed(wholeRegion(long), long, room, 2, { x: 0, y: 0 })
    expect(half).toEqual({ rows: [0, 25_000], columns: [0, 800] })
    const deep = zoomed(half, long, room, 125, { x: 0, y: 0 })
    expect(deep).toEqual({ rows: [0, 200], columns: [0, 400] })
  })

  it('ends at single numbers, and at all of them', () => {
    let region = wholeRegion(square)
    for (let i = 0; i < 40; i++) region = zoomed(region, square, room, 1.6, { x: 0.9, y: 0.1 })
    expect([lengthOf(region.rows), lengthOf(region.columns)]).toEqual([6, 12])
    for (let i = 0; i < 40; i++) region = zoomed(region, square, room, 1 / 1.6, { x: 0.5, y: 0.5 })
    expect(isWhole(region, square)).toBe(true)
  })
})

describe('moving', () => {
  const region = { rows: [10, 20], columns: [30, 60] } as const

  it('ends at the edges', () => {
    expect(moved(region, square, 5, -10)).toEqual({ rows: [15, 25], columns: [20, 50] })
    expect(moved(region, square, -99, 9999)).toEqual({ rows: [0, 10], columns: [770, 800] })
  })

  it('goes no further than a number that is to be seen', () => {
    expect(revealing(region, square, 15, 40)).toEqual(region)
    expect(revealing(region, square, 20, 29)).toEqual({ rows: [11, 21], columns: [29, 59] })
  })

  it('shows what is around a number', () => {
    expect(around(square, 399, 100, 48)).toEqual({ rows: [352, 400], columns: [76, 124] })
    expect(around({ rows: 4, columns: 4 }, 1, 1, 48)).toEqual({ rows: [0, 4], columns: [0, 4] })
  })
})
