import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import {
  indicesAlong,
  numberSize,
  weightMap,
  weightMapLayout,
  type WeightMapData
} from '#common/figure/weight-map.ts'
import { heatMap } from '#common/figure/heat-map.ts'

const look = {
  ...paperLook,
  colorMap: 'magma',
  scale: 'linear',
  range: { low: -2, high: 2 },
  follows: true,
  pooling: 'maximum'
} as const

const data: WeightMapData = {
  title: 'gpt2 · wte',
  name: 'weight',
  rows: { from: 10, to: 12, each: 1 },
  columns: { from: 100, to: 103, each: 1 },
  values: Float32Array.of(-2, 0, 2, 0.5, NaN, -0.123)
}
const panelOf = (own: Partial<WeightMapData> = {}) => {
  const all = { ...data, ...own }
  return weightMap.panel(all, look, weightMap.natural(all, look))
}
const texts = (own?: Partial<WeightMapData>) =>
  panelOf(own).marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))

describe('a map of weights', () => {
  it('fills its place where cells are wider than high', () => {
    const rows = { from: 0, to: 1, each: 1 }
    const columns = { from: 0, to: 6, each: 1 }
    expect(panelSvg(panelOf({ rows, columns }))).toContain('<image preserveAspectRatio="none" ')
  })

  it('says from where on rows are set apart, with a bar beside them', () => {
    const flagged = { name: 'beyond', rows: 11 }
    const { marks } = panelOf({ flagged })
    const { top, height, row } = weightMapLayout(data, look, weightMap.natural(data, look))
    expect(texts({ flagged })).toContain('row 11 on: beyond')
    expect(marks).toContainEqual(
      expect.objectContaining({ kind: 'rect', y: top + row, width: 3, height: height - row })
    )
  })

  it('is this picture', async () => {
    const svg = panelSvg(panelOf())
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'weight-map.svg'))
  })

  it('has the number of each cell where there is room, and the indices of the tensor', () => {
    expect(texts()).toEqual(expect.arrayContaining(['−2.0', '0.50', '–', '−0.12', '10', '102']))
    const pooled = { from: 10, to: 14, each: 2 }
    expect(texts({ rows: pooled })).not.toContain('0.50')
  })

  it('calls what runs along its sides by labels, where it has them, and cuts long ones', () => {
    const side = { from: 0, to: 3, each: 1 }
    const labels = { rows: ['to', 'be', 'x'.repeat(60)], columns: ['or', 'not', 'me'] }
    const values = new Float32Array(9)
    const marks = panelOf({ rows: side, columns: side, values, labels }).marks
    const words = marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
    const named = (text: string) => words.find(own => own.text.includes(text))!
    expect(named('to')).toMatchObject({ align: 'right', upright: false, room: 92 })
    expect(named('not')).toMatchObject({ upright: true, room: 92 })
    expect(named('x'.repeat(60)).x).toBeLessThan(140)
  })

  it('paints a part that is not square cell by cell, and nothing of what is NaN', () => {
    const [raster] = panelOf().rasters
    const { width, height, data: pixels } = heatMap(raster!.scene, raster!.colors, 1)
    const { cell } = raster!.scene.view
    expect([width, height]).toEqual([3 * cell, 2 * cell])
    const at = (row: number, column: number) => {
      const pixel = 4 * ((row + 0.5) * cell * width + (column + 0.5) * cell)
      return [...pixels.slice(pixel, pixel + 4)]
    }
    expect(at(0, 1)).toEqual([255, 255, 255, 255])
    expect(at(0, 0)).toEqual([5, 48, 97, 255])
    expect(at(0, 2)).toEqual([103, 0, 31, 255])
    expect(at(1, 1)[3]).toBe(0)
  })

  it('has square numbers, but for what would be a thread', () => {
    const room = { width: 600, height: 300 }
    expect(numberSize(768, 768, room)).toEqual({ row: 300 / 768, column: 300 / 768 })
    expect(numberSize(50_257, 768, room)).toEqual({ row: 300 / 50_257, column: 600 / 768 })
    expect(numberSize(2, 2, room)).toEqual({ row: 64, column: 64 })
  })

  it('has the same room for its numbers whatever is drawn', () => {
    const size = { width: 500, height: 400 }
    const { left, top, width, height } = weightMapLayout(data, look, size)
    const [raster] = weightMap.panel(data, look, { ...size, ratio: 2 }).rasters
    expect(raster).toMatchObject({ left, top, width, height })
  })

  it('runs from right to left where its columns do: cells, labels and what is under the pointer', () => {
    const [own, other] = [data, { ...data, mirrored: true }].map(of => {
      const [raster] = weightMap.panel(of, look, { width: 500, height: 400, ratio: 1 }).rasters
      const { values, tokens } = raster!.scene
      return Array.from(values.subarray(0, tokens))
    })
    expect(other).toEqual(own!.toReversed())
    expect(new Set(own).size).toBeGreaterThan(1)
    const size = { width: 500, height: 400 }
    const plain = weightMapLayout(data, look, size)
    const { left, width, column, xOf } = weightMapLayout({ ...data, mirrored: true }, look, size)
    const { from, to } = data.columns
    expect(plain.xOf(from)).toBe(left)
    expect(xOf(from)).toBeCloseTo(left + width - column, 9)
    expect(xOf(to - 1)).toBeCloseTo(left, 9)
  })

  it('names round indices, as near as there is room', () => {
    expect(indicesAlong({ from: 95, to: 131, each: 1 }, 4, 30)).toEqual([100, 110, 120, 130])
    expect(indicesAlong({ from: 0, to: 50_257, each: 99 }, 0.01, 30)).toEqual([
      0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000
    ])
  })
})
