import { describe, expect, it } from 'vitest'
import { movedCell } from '../../../src/renderer/src/ui/moved-cell.ts'

describe('arrow keys', () => {
  const size = { rows: 3, columns: 30, mirrored: false }
  const moved = (key: string, own = {}, shiftKey = false) =>
    movedCell({ key, shiftKey }, { row: 1, column: 5 }, { ...size, ...own })
  it('go from cell to cell, never off the grid', () => {
    expect(moved('ArrowUp')).toEqual({ row: 0, column: 5 })
    expect(moved('ArrowRight')).toEqual({ row: 1, column: 6 })
    expect(moved('ArrowRight', {}, true)).toEqual({ row: 1, column: 15 })
    expect(moved('ArrowLeft', {}, true)).toEqual({ row: 1, column: 0 })
    expect(moved('End')).toEqual({ row: 1, column: 29 })
    expect(moved('ArrowDown', { rows: 2 })).toEqual({ row: 1, column: 5 })
    expect(moved('x')).toBeNull()
  })

  it('go where they point also from right to left', () => {
    expect(moved('ArrowRight', { mirrored: true })).toEqual({ row: 1, column: 4 })
    expect(moved('PageDown', { mirrored: true })).toEqual({ row: 1, column: 15 })
  })
})
