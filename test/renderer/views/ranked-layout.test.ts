import { describe, expect, it } from 'vitest'
import { rankedLayout } from '../../../src/renderer/src/views/attention/ranked-layout.ts'

describe('the layout of ranked heads', () => {
  it('has them as large as all have room', () => {
    for (const [heads, width, height] of [
      [16, 600, 700],
      [16, 900, 220],
      [144, 1200, 1500],
      [3, 300, 900]
    ] as const) {
      const { columns, rows, cell, gap, step } = rankedLayout(heads, width, height)
      expect(columns * rows).toBeGreaterThanOrEqual(heads)
      expect(columns * (cell + gap) - gap).toBeLessThanOrEqual(width - 20)
      expect(rows * step.height).toBeLessThanOrEqual(height)
      // One column fewer, they would be larger and not all fit, or as large as they get.
      const larger = Math.min(138, Math.floor((width - 20 + gap) / (columns - 1)) - gap)
      const taller = Math.ceil(heads / (columns - 1)) * (larger + step.height - cell)
      expect(columns === 1 || taller > height - 20).toBe(true)
    }
  })

  it('lets them scroll before name and number have no room side by side', () => {
    const { cell, columns, rows, step } = rankedLayout(144, 220, 500)
    expect(cell).toBeGreaterThanOrEqual(60)
    expect(columns).toBe(3)
    expect(rows * step.height).toBeGreaterThan(500)
  })
})
