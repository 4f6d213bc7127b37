import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { barRoom } from '#common/figure/color-bar.ts'
import { cssColor } from '#common/figure/color-table.ts'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import { headMap, headMapLayout, leastHeadMap, type HeadMapData } from '#common/figure/head-map.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 0.8 },
  follows: true,
  pooling: 'mean'
} as const

const data: HeadMapData = {
  title: 'gpt2 · previous token',
  name: 'previous token',
  quantity: 'weight',
  layers: [0, 3],
  heads: 3,
  values: [0, 0.4, 0.8, NaN, 0.123, 0.2]
}

const panel = (own: Partial<HeadMapData> = {}, width?: number): MapPanel => {
  const all = { ...data, ...own }
  const size = headMap.natural(all, look)
  return headMap.panel(all, look, { ...size, width: width ?? size.width })
}

describe('headMap', () => {
  it('is this picture', async () => {
    const svg = panelSvg(panel())
    await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'head-map.svg'))
  })

  it('has a cell where its layout says, in the colour of its number', () => {
    const { marks, ...size } = panel()
    const { left, top, width, height, gap } = headMapLayout(data, size, look)
    const cell = (row: number, head: number) =>
      marks.find(
        mark =>
          mark.kind === 'rect' && mark.x === left + head * width && mark.y === top + row * height
      )
    expect(cell(0, 2)).toMatchObject({
      fill: cssColor('viridis', 1, look.paper),
      width: width - gap
    })
    expect(cell(0, 1)).toMatchObject({ fill: cssColor('viridis', 0.5, look.paper) })
    expect(cell(1, 0)).toMatchObject({ fill: look.empty })
  })

  it('names layers by their numbers, and leaves numbers out of cells that are too small', () => {
    const texts = ({ marks }: MapPanel) =>
      marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
    expect(texts(panel())).toEqual(expect.arrayContaining(['3', 'head 0', '0.12', '–']))
    expect(texts(panel({}, 100))).not.toContain('0.12')
  })

  const numbersIn = (values: readonly number[], cell: number) =>
    panel({ values }, 40 + barRoom(look) + 3 * cell)
      .marks.flatMap(mark => (mark.kind === 'text' && mark.align === 'center' ? [mark.text] : []))
      .filter(text => /^(−?\d\..*|–|~0)$/.test(text))

  it('writes the numbers of all cells alike, or none', () => {
    const values = [0.734, -0.0078, -0.42, 0.058, NaN, -0.03]
    expect(numbersIn(values, 70)).toEqual(['0.73', '−0.0078', '−0.42', '0.058', '–', '−0.030'])
    expect(numbersIn(values, 38)).toEqual(['0.73', '−0.01', '−0.42', '0.06', '–', '−0.03'])
    // To one decimal they would be others.
    expect(numbersIn(values, 28)).toEqual([])
  })

  it('writes no number as 0 that is not', () => {
    const values = [0.734, -0.0079, -0.42, 0.058, 0.3, -0.03]
    expect(numbersIn(values, 38)).toContain('−0.01')
    expect(numbersIn(values.with(1, 0), 38)).toContain('0.00')
    expect(numbersIn(values.with(1, -0.00048), 38)).toEqual([
      '0.73',
      '~0',
      '−0.42',
      '0.06',
      '0.30',
      '−0.03'
    ])
    expect(
      numbersIn(
        values.map(value => value / 1000),
        38
      )
    ).toEqual([])
    expect(numbersIn(values.with(1, -0.00048), 70)).toContain('−4.8e−4')
  })

  it('writes thousandths with as many decimals as the largest where there is room for no more', () => {
    const values = [0.00998, -0.0042, 0.0021, 0.0012, 0.0022, 0.0031]
    const few = ['0.010', '−0.004', '0.002', '0.001', '0.002', '0.003']
    expect(numbersIn(values, 40)).toEqual(few)
  })

  it('needs more room for more heads', () => {
    const least = leastHeadMap(data, look)
    expect(leastHeadMap({ ...data, heads: 12 }, look).width - least.width).toBe(9 * 20)
    const many = leastHeadMap({ ...data, layers: [...Array(20).keys()] }, look)
    expect(many.height).toBeGreaterThan(least.height)
  })
})
