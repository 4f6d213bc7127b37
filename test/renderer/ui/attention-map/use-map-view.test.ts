import { describe, expect, it } from 'vitest'
import { mapHeight } from '#common/figure/viewport.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { useMapView } from '../../../../src/renderer/src/ui/attention-map/use-map-view.ts'

const look: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
}
const tokens = Array.from({ length: 20 }, () => ({
  piece: 'letters',
  text: 'letters',
  special: false
}))

function map() {
  const view = useMapView(
    {
      data: () => ({ title: null, tokens, mirrored: false }),
      look: () => look,
      cursor: () => null,
      profiled: () => false
    },
    1
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
