import { heatMap } from '#common/figure/heat-map.ts'
import type { PaintAnswer, PaintRequest } from './raster-painter.ts'

/** The last values that each painter sent: a map that is moved over stays the same. */
const held = new Map<number, Float32Array>()

self.addEventListener('message', ({ data: request }: MessageEvent<PaintRequest>) => {
  const { painter, job, raster, values, ratio } = request
  if (raster === null) {
    held.delete(painter)
    return
  }
  if (values !== null) held.set(painter, values)
  const scene = { ...raster.scene, values: held.get(painter)! }
  const bitmap = bitmapOf(heatMap(scene, raster.colors, ratio), raster.empty)
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
