import { onBeforeUnmount, shallowRef, watch, type Ref } from 'vue'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import type { WeightMapData } from '#common/figure/weight-map.ts'
import type { LamellaError } from '#common/model/errors.ts'
import { paintMarks } from '../../ui/figure/paint-panel.ts'
import { rasterPainter } from '../../ui/figure/raster-painter.ts'

/** A map that is to be painted. */
export interface Paintable {
  readonly panel: MapPanel
  readonly data: WeightMapData
}

/**
 * Paints the cells of a map beside the window's thread, the newest wish first, and then its marks: both canvases are always of one
 * map.
 * @returns the map that they are of
 */
export function usePaintedMap(
  wish: () => Paintable | null,
  cells: Readonly<Ref<HTMLCanvasElement | null>>,
  over: Readonly<Ref<HTMLCanvasElement | null>>
) {
  const painter = rasterPainter('large')
  const drawn = shallowRef<Paintable | null>(null)
  const failure = shallowRef<LamellaError | null>(null)
  // Thrown where the tab catches it.
  watch(failure, error => {
    if (error) throw error
  })
  let wanted: Paintable | null = null
  let busy = false
  let ended = false

  async function paintWanted(): Promise<void> {
    busy = true
    try {
      while (wanted !== null && !ended) {
        const own = wanted
        wanted = null
        const bitmap = await painter.paint(own.panel.rasters[0]!, 1)
        if (!ended) show(own, bitmap)
        bitmap.close()
      }
    } catch (error) {
      if (!ended) failure.value = error as LamellaError
    } finally {
      busy = false
    }
  }

  function show(own: Paintable, bitmap: ImageBitmap): void {
    const canvas = cells.value
    if (!canvas) return
    canvas.width = bitmap.width
    canvas.height = bitmap.height
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0)
    drawn.value = own
    drawMarks()
  }

  function drawMarks(): void {
    if (!over.value || !drawn.value) return
    const { width, height, ratio, marks } = drawn.value.panel
    over.value.width = Math.round(width * ratio)
    over.value.height = Math.round(height * ratio)
    const context = over.value.getContext('2d')!
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    paintMarks(context, marks)
  }

  watch(
    wish,
    next => {
      if (next === null) return
      wanted = next
      if (!busy) void paintWanted()
    },
    { immediate: true, flush: 'post' }
  )
  document.fonts.addEventListener('loadingdone', drawMarks)
  onBeforeUnmount(() => {
    ended = true
    painter.end()
    document.fonts.removeEventListener('loadingdone', drawMarks)
  })
  return drawn
}
