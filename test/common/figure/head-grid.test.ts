import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { colorTable } from '#common/figure/color-table.ts'
import { headGrid, type HeadGridData } from '#common/figure/head-grid.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'mean' },
  range: { low: 0, high: 1 }
}
/** Two layers of three heads on two tokens; a map's lower left cell is a sixth of its number. */
const data: HeadGridData = {
  ...{ title: 'm · All heads', name: 'attention weight', layers: [1, 4], heads: 3, tokens: 2 },
  cells: 2,
  maps: Float32Array.from({ length: 24 }, (_, i) =>
    [1, 0, Math.floor(i / 4) / 6, 1 - Math.floor(i / 4) / 6].at(i % 4)!
  ),
  visibility: [{ causal: true, reach: null }, null],
  ...{ firstHidden: false, mirrored: false }
}

function drawn(own: Partial<HeadGridData> = {}) {
  const all = { ...data, ...own }
  const svg = panelSvg(headGrid.panel(all, look, headGrid.natural(all, look)))
  const images = [...svg.matchAll(/base64,([^"]+)"/g)].map(([, png]) =>
    decode(Buffer.from(png!, 'base64'))
  )
  return { svg, images }
}

/** The colour in the middle of a cell. */
function colorAt({ width, data }: ReturnType<typeof decode>, row: number, column: number) {
  const at = (i: number) => Math.floor(((i + 0.5) * width) / 2)
  const from = 3 * (at(row) * width + at(column))
  return [...data.subarray(from, from + 3)]
}

/** Between two entries of the table colours are mixed. */
function color(weight: number) {
  const at = 3 * Math.round(255 * weight)
  const own = [...colorTable('viridis', look.paper).subarray(at, at + 3)]
  return own.map(part => expect.closeTo(part, -0.7) as number)
}

describe('a grid of heads', () => {
  it('has a map for each head, layer by layer, with the colours of its weights', () => {
    const { images } = drawn()
    expect(images).toHaveLength(6)
    images.forEach((image, i) => expect(colorAt(image, 1, 0)).toEqual(color(i / 6)))
  })

  it('says what a layer does not see, and nothing of one that says nothing', () => {
    const { images } = drawn()
    expect(colorAt(images[0]!, 0, 1)).not.toEqual(color(0))
    expect(colorAt(images[3]!, 0, 1)).toEqual(color(0))
  })

  it('has its bar below on a page where maps beside it would be smaller than usual', () => {
    const page: Look = { ...look, still: true }
    const placed = (width: number, own: Look) => {
      const panel = headGrid.panel(data, own, { width, height: 100, ratio: 1 })
      const name = panel.marks.find(
        mark => mark.kind === 'text' && mark.text.startsWith('attention')
      )
      const [map] = panel.rasters
      return { map: map!.width, right: map!.left + 3 * map!.width, name, height: panel.height }
    }
    const narrow = placed(240, page)
    expect(narrow.map).toBeGreaterThan(placed(240, look).map)
    expect(narrow.right).toBeLessThanOrEqual(240)
    expect(narrow.name).toMatchObject({ align: 'left' })
    const { y } = narrow.name as { y: number }
    expect(y).toBeLessThan(narrow.height)
    expect(y).toBeGreaterThan(2 * narrow.map)
    const onPage = headGrid.panel(data, page, { width: 240, height: 100, ratio: 1 })
    const mapsEnd = Math.max(...onPage.rasters.map(({ top, height }) => top + height))
    const bar = onPage.marks.flatMap(mark =>
      mark.kind === 'rect' && mark.fill !== null ? [mark.y] : []
    )
    expect(bar.length).toBeGreaterThan(2)
    expect(Math.min(...bar)).toBeGreaterThan(mapsEnd + 2)
    const none = headGrid.panel(
      data,
      { ...page, bar: false },
      { width: 240, height: 100, ratio: 1 }
    )
    expect(none.marks.some(mark => mark.kind === 'text' && mark.text.startsWith('attention'))).toBe(
      false
    )
    expect(placed(600, page)).toEqual(placed(600, look))
  })

  it('is no larger a picture than one head would be', () => {
    const { images } = drawn({ tokens: 51, cells: 51, maps: new Float32Array(6 * 51 ** 2) })
    const pixels = images.reduce((sum, { width, height }) => sum + width * height, 0)
    expect(pixels).toBeLessThan(1.5 * 1120 ** 2)
    // A cell has edges of its own.
    expect(images[0]!.width).toBeGreaterThan(6 * 51)
  })

  it('runs from right to left where its text does', () => {
    const { images } = drawn({ mirrored: true })
    expect(colorAt(images[2]!, 1, 1)).toEqual(color(2 / 6))
  })

  it('names layers and heads, and is as wide as it is asked to be', () => {
    const { svg } = drawn()
    for (const text of ['layer', '1', '4', 'head 0', '2', 'attention weight', 'm · All heads'])
      expect(svg).toContain(`>${text}<`)
    const size = { width: 300, height: 200, ratio: 1 }
    const panel = headGrid.panel({ ...data, title: null }, look, size)
    const ends = panel.rasters.map(({ left, width }) => left + width)
    expect(Math.max(...ends)).toBeLessThanOrEqual(300 - 90)
    expect(Math.max(...ends)).toBeGreaterThan(195)
    expect(headGrid.data.parse(data)).toEqual(data)
  })
})
