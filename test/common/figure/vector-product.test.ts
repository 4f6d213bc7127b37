import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cssColor } from '#common/figure/color-table.ts'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { vectorPlaces, vectorProduct } from '#common/figure/vector-product.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
} as const
const data = {
  title: 'a model · Head 0.1, query 3, key 2 · products',
  q: [1, -2, 0.5, 0],
  k: [2, 1, -1, 5],
  order: [0, 1, 2, 3],
  axis: 'dimension of the head',
  marked: null
}
const size = { width: 302, height: 300, ratio: 1 }
const panel = (own: Partial<typeof data> = {}) =>
  vectorProduct.panel({ ...data, ...own }, look, size) as MapPanel
const texts = ({ marks }: MapPanel) =>
  marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))

describe('vectorProduct', () => {
  it('is this picture', async () => {
    await expect(panelSvg(panel())).toMatchFileSnapshot(
      join(import.meta.dirname, 'vector-product.svg')
    )
  })

  it('adds products up in the order that they are shown in, to the same sum', () => {
    const line = ({ marks }: MapPanel) =>
      marks.flatMap(mark => (mark.kind === 'line' ? [mark.points] : []))[0]!
    // 2, −2 and −0.5, in 200 pixels.
    const points = line(panel())
    expect(points.map(([x]) => x)).toEqual([44, 44, 94, 94, 144, 144, 194, 194, 244])
    const [zero] = points.map(([, y]) => y)
    expect(points[1]![1]).toBeLessThan(zero!)
    expect(points[3]![1]).toBeCloseTo(zero!, 10)
    expect(points.at(-1)![1]).toBeGreaterThan(zero!)
    for (const order of [data.order, [1, 0, 2, 3]])
      expect(texts(panel({ order }))).toContain('−0.500')
  })

  it('finds the dimension at a point', () => {
    const { cell, placeAt } = vectorPlaces(4, size)
    expect(cell).toBe(50)
    expect([43, 44, 93.9, 94, 243, 245].map(placeAt)).toEqual([null, 0, 0, 1, 3, null])
  })
})

it('has strips, bars and sums on the range of what stands beside it', () => {
  const around = (most: number) => ({ low: -most, high: most })
  const spans = { q: around(4), k: around(10), products: around(4), sums: around(8) }
  const drawn = vectorProduct.panel({ ...data, spans }, look, size) as MapPanel
  expect(texts(panel())).toEqual(expect.arrayContaining(['±2.0', '±5.0']))
  expect(texts(drawn)).toEqual(expect.arrayContaining(['±4.0', '±10']))
  // The first product is 2, of products from −2 to 2 and now from −4 to 4.
  const bar = ({ marks }: MapPanel) =>
    Math.max(
      ...marks.flatMap(mark =>
        mark.kind === 'rect' && mark.fill === cssColor('difference', 0.8, look.paper)
          ? [mark.height]
          : []
      )
    )
  expect(bar(drawn) / bar(panel())).toBeCloseTo(0.5, 6)
})
