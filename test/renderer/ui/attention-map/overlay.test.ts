import { describe, expect, it } from 'vitest'
import { attentionMap, mapScene } from '#common/figure/attention-map.ts'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { labelBoxes } from '../../../../src/renderer/src/ui/attention-map/overlay.ts'

const look: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
}

describe('marks of what is selected together', () => {
  it.each([{ mirrored: false }, { mirrored: true }])(
    'lie beside the names of the axes, $mirrored',
    ({ mirrored }) => {
      const tokens = Array.from({ length: 18 }, () => ({ piece: 'a', text: 'a', special: false }))
      const data = {
        ...{ title: null, tokens, mirrored, view: null, visibility: null, firstHidden: false },
        ...{ pattern: new Float32Array(18 * 18), quantity: 'weight' as const, unit: null },
        ...{ profiles: null, marked: { queries: [], keys: [] } }
      }
      const size = { width: 600, height: 500, ratio: 1 }
      const scene = mapScene(data, look, size)
      const boxes = labelBoxes(scene, new Set(tokens.keys()))
      expect(boxes).toHaveLength(2)
      const { marks } = attentionMap.panel(data, look, size) as MapPanel
      const names = marks.flatMap(mark =>
        mark.kind === 'text' && /query|attended/.test(mark.text) ? [mark] : []
      )
      expect(names).toHaveLength(2)
      for (const { x, y, size } of names)
        for (const box of boxes)
          expect(
            box.x >= x + size / 2 || box.y >= y + size / 2,
            JSON.stringify({ box, x, y })
          ).toBe(true)
      // Beside the rows and over the columns, up to the map.
      const [beside, over] = boxes
      expect(beside!.height).toBeCloseTo(over!.width)
      expect(beside!.x + beside!.width).toBeLessThan(scene.left)
      expect(over!.y + over!.height).toBeLessThan(scene.top)
    }
  )
})
