import { heatMap } from '#common/figure/heat-map.ts'
import { pooledLevels, type PooledLevels } from '#common/figure/pooled-levels.ts'
import type { Pooling } from '#common/analysis/pool.ts'
import type { PaintAnswer, PaintRequest } from './raster-painter.ts'

/** The last values that each painter sent, and their levels: a map that is moved over stays the same. */
const held = new Map<number, { values: Float32Array; pooling: Pooling; levels: PooledLevels }>()

self.addEventListener('message', ({ data: request }: MessageEvent<PaintRequest>) => {
  const { painter, job, raster, values, ratio } = request
  if (raster === null) {
    held.delete(painter)
    return
  }
  const { pooling, stage } = raster.scene
  const before = held.get(painter)
  const own = values ?? before!.values
  const isKept = values === null && before!.pooling === pooling
  const levels = isKept ? before!.levels : pooledLevels(own, stage.size, pooling)
  held.set(painter, { values: own, pooling, levels })
  const scene = { ...raster.scene, values: own }
  const bitmap = bitmapOf(heatMap(scene, raster.colors, ratio, levels), raster.empty)
  const answer: PaintAnswer = { painter, job, bitmap }
  self.postMessage(answer, { transfer: [bitmap] })
})

/** Pixels on the colour of what is empty. */
function bitmapOf({ data, width, height }: ReturnType<typeof heatMap>, empty: string): ImageBitmap {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.putImageData(new ImageData(data, width, height), 0, 0)
  context.globalCompositeOperation = 'destination-over'
  context.fillStyle = empty
  context.fillRect(0, 0, width, height)
  return canvas.transferToImageBitmap()
}
