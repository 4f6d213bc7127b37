import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { distanceMatrix, type DistanceMatrixData } from '#common/figure/distance-matrix.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 0.6 },
  follows: true,
  pooling: 'mean'
} as const

const data: DistanceMatrixData = {
  title: 'Heads',
  name: 'nats',
  leaves: [
    { label: '0.0', group: 0 },
    { label: '1.1', group: 0 },
    { label: '0.1', group: 1 }
  ],
  distances: Float32Array.of(0, 0.1, 0.6, 0.1, 0, 0.5, 0.6, 0.5, 0),
  view: null
}
const size = { width: 400, height: 300, ratio: 1 }
const panel = (own: Partial<DistanceMatrixData> = {}) =>
  distanceMatrix.panel({ ...data, ...own }, look, size)

describe('distanceMatrix', () => {
  it('is this picture', async () => {
    const svg = panelSvg(panel())
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'distance-matrix.svg'))
  })

  it('says of sides that are not alike what they are, and parts their runs by lines', () => {
    const sides = { rows: 'head that writes', columns: 'head that reads' }
    const { marks, rasters } = panel({ sides })
    const { left, top, width } = rasters[0]!
    const texts = marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
    expect(texts).toEqual(expect.arrayContaining(['← head that writes', 'head that reads →']))
    // Groups are runs, without numbers of their own.
    expect(texts).not.toContain('1')
    const cell = width / 3
    expect(marks.flatMap(mark => (mark.kind === 'line' ? [mark.points] : []))).toEqual([
      [
        [left + 2 * cell, top],
        [left + 2 * cell, top + width]
      ],
      [
        [left, top + 2 * cell],
        [left + width, top + 2 * cell]
      ]
    ])
  })

  it('parts runs by lines where they are seen alone', () => {
    const sides = { rows: 'r', columns: 'c' }
    const lines = (view: DistanceMatrixData['view']) => {
      const { marks, rasters } = panel({ sides, view })
      const { left, top, width, height } = rasters[0]!
      for (const mark of marks)
        if (mark.kind === 'line')
          for (const [x, y] of mark.points) {
            expect(x).toBeGreaterThanOrEqual(left)
            expect(x).toBeLessThanOrEqual(left + width)
            expect(y).toBeGreaterThanOrEqual(top)
            expect(y).toBeLessThanOrEqual(top + height)
          }
      return marks.filter(({ kind }) => kind === 'line').length
    }
    const cell = 200
    // The border is between the second and the third: beyond the right, to be seen, and at the bottom alone.
    expect(lines({ cell, row: 0, column: 0 })).toBe(0)
    expect(lines({ cell, row: 1.5, column: 1.5 })).toBe(2)
    expect(lines({ cell, row: 1.5, column: 0 })).toBe(1)
    expect(lines({ cell, row: 0, column: 1.5 })).toBe(1)
  })

  it('frames each group along the diagonal, also of the part that is seen', () => {
    const frames = (own: Partial<DistanceMatrixData>) =>
      panel(own).marks.flatMap(mark => (mark.kind === 'line' ? [mark] : []))
    const { rasters } = panel()
    const [{ left, top, width }] = rasters as [(typeof rasters)[number]]
    const cell = width / 3
    const [first, second] = frames({})
    expect(first!.color).toBe(look.heads[0])
    expect(first!.points[2]).toEqual([left + 2 * cell - 0.75, top + 2 * cell - 0.75])
    expect(second!.points[0]).toEqual([left + 2 * cell + 0.75, top + 2 * cell + 0.75])
    // Of the part that is seen, a group ends where its last leaf does.
    const zoomed = { view: { cell: 96, row: 1, column: 1 } }
    const { column } = panel(zoomed).rasters[0]!.scene.view
    expect(column).toBeGreaterThan(0)
    const [left2, , right2] = frames(zoomed)[0]!.points
    expect(right2![0] - left2![0]).toBeCloseTo((2 - column) * 96 - 1.5, 6)
  })
})
