import { describe, expect, it } from 'vitest'
import { labelledCells, labelStep } from '#common/figure/axis-labels.ts'

describe('labelStep', () => {
  it.each([
    [14, 14, 1],
    [13, 14, 2],
    [5, 14, 5],
    [1, 14, 20],
    [0.4, 14, 50],
    [0.1, 14, 200]
  ])('cells of %d px, labels of %d px: every %d', (cell, spacing, step) => {
    expect(labelStep(cell, spacing)).toBe(step)
  })
})

describe('labelledCells', () => {
  it('stands at multiples of the step wherever the axis is panned', () => {
    expect(labelledCells(0, 22, 2.8, 14)).toEqual([0, 5, 10, 15, 20])
    expect(labelledCells(3, 22, 2.8, 14)).toEqual([5, 10, 15, 20])
    expect(labelledCells(-4, 2, 20, 14)).toEqual([0, 1, 2])
  })
})
