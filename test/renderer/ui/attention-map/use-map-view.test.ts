import { describe, expect, it } from 'vitest'
import type { MapScene } from '#common/figure/attention-map.ts'
import { columnLeft, mapHeight } from '#common/figure/viewport.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Cell } from '#common/model/subject.ts'
import { useMapView } from '../../../../src/renderer/src/ui/attention-map/use-map-view.ts'

const look: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
}
const token = { piece: 'letters', text: 'letters', special: false }

function map(own: { mirrored?: boolean; cursor?: Cell; count?: number } = {}, ratio = 1) {
  const { mirrored = false, cursor = null, count = 20 } = own
  const tokens = Array.from({ length: count }, () => token)
  const quantity = 'weight'
  const view = useMapView(
    {
      data: () => ({ title: null, tokens, mirrored, quantity, unit: null, firstHidden: false }),
      look: () => look,
      cursor: () => cursor,
      profiled: () => false
    },
    ratio
  )
  view.box.value = { width: 600, height: 500 }
  return view
}

describe('a map that is zoomed until its labels lie', () => {
  it('begins higher, and what is pointed at stays where it is', () => {
    const { scene, zoomBy, cellAt } = map()
    const before = scene.value
    const point = { x: 200, y: 300 }
    const screen = before.top + point.y
    const cell = cellAt(point.x, point.y)!
    zoomBy(4, point)
    expect(scene.value.keysStand).toBe(false)
    expect(scene.value.top).toBeLessThan(before.top - 30)
    expect(mapHeight(scene.value)).toBeGreaterThan(mapHeight(before))
    expect(cellAt(point.x, screen - scene.value.top)).toEqual(cell)
    const rowAt = ({ top, view }: MapScene) => view.row + (screen - top) / view.cell
    expect(rowAt(scene.value)).toBeCloseTo(rowAt(before), 6)
  })

  it('is whole again after it is zoomed out as far', () => {
    const { scene, zoomBy, zoomedIn } = map()
    const before = scene.value
    zoomBy(4)
    for (let i = 0; i < 6; i++) zoomBy(0.5)
    expect(zoomedIn.value).toBe(false)
    expect(scene.value).toEqual(before)
  })
})

describe('a map that is zoomed', () => {
  it('goes to the selected cell where no point is said', () => {
    const { scene, zoomBy } = map({ cursor: { query: 18, key: 1 } })
    for (let i = 0; i < 3; i++) zoomBy(1.5)
    const { row, column } = scene.value.view
    expect([row > 10, column < 2]).toEqual([true, true])
  })

  it('keeps its middle where nothing is said or selected, however much wider there is room', () => {
    for (const mirrored of [false, true]) {
      const { scene, zoomBy, width, cellAt } = map({ mirrored, count: 400 })
      for (let i = 0; i < 12; i++) zoomBy(1.4)
      const { query, key } = cellAt(width.value / 2, mapHeight(scene.value) / 2)!
      expect(Math.abs(query - 200), 'query').toBeLessThanOrEqual(1)
      expect(Math.abs(key - 200), 'key').toBeLessThanOrEqual(1)
    }
  })

  it('keeps what is pointed at under the pointer, in whatever direction keys run', () => {
    for (const mirrored of [false, true]) {
      const { box, scene, zoomBy, width } = map({ mirrored, count: 400 })
      box.value = { width: 1000, height: 500 }
      const before = width.value
      const edge = () => columnLeft(scene.value, 250) + (mirrored ? scene.value.view.cell : 0)
      const point = { x: edge(), y: 150 }
      zoomBy(4, point)
      expect(width.value).toBeGreaterThan(before + 300)
      expect(edge()).toBeCloseTo(point.x, 6)
    }
  })

  it('is moved as the hand moves, also where keys run from right to left', () => {
    for (const mirrored of [false, true]) {
      const { scene, zoomBy, panBy, width } = map({ mirrored })
      zoomBy(4, { x: width.value / 2, y: 100 })
      const left = () => columnLeft(scene.value, 10)
      const before = left()
      panBy(-30, 0)
      expect(left() - before).toBeCloseTo(-30, 6)
    }
  })

  it('shows a cell that is asked for, and stays whole where all is seen', () => {
    const { scene, zoomBy, reveal, shown } = map()
    reveal({ query: 19, key: 19 })
    expect(shown.value).toBeNull()
    zoomBy(8, { x: 0, y: 0 })
    reveal({ query: 19, key: 19 })
    const { view, stage } = scene.value
    expect(view.row + stage.height / view.cell).toBeGreaterThanOrEqual(19.99)
  })

  it('pools cells that are smaller than a pixel of the screen', () => {
    const view = map({ count: 400 }, 2)
    const cells = [900, 700, 500, 400, 300, 200].map(side => {
      view.box.value = { width: side, height: side }
      const { cell } = view.scene.value.view
      expect(view.pooled.value).toBe(cell < 0.5)
      return cell
    })
    // Also those that are smaller than a pixel of the page.
    for (const [least, most] of [
      [0, 0.5],
      [0.5, 1],
      [1, 2]
    ] as const)
      expect(cells.some(cell => cell > least && cell < most)).toBe(true)
  })
})
