import type { Raster } from '#common/figure/figure-kind.ts'
import { columnLeft } from '#common/figure/viewport.ts'
import type { LamellaError } from '#common/model/errors.ts'
import { rasterPainter } from '../figure/raster-painter.ts'

/** What to do when new pixels have come, and when they cannot. */
export interface PaintedMapEvents {
  readonly ready: () => void
  readonly failed: (error: LamellaError) => void
}

/** The pixels of a map that is moved and zoomed while they are painted elsewhere; one wish at a time, the newest. */
export function paintedMap({ ready, failed }: PaintedMapEvents, ratio: number) {
  const painter = rasterPainter('large')
  let painted: { readonly raster: Raster; readonly bitmap: ImageBitmap } | null = null
  let wanted: Raster | null = null
  let busy = false
  let ended = false

  /** Paints a raster, after the one that is being painted; those wished for in between are left out. */
  function want(raster: Raster): void {
    wanted = raster
    if (!busy) void paintWanted()
  }

  async function paintWanted(): Promise<void> {
    busy = true
    try {
      while (wanted !== null && !ended) {
        const raster = wanted
        wanted = null
        const bitmap = await painter.paint(raster, ratio)
        painted?.bitmap.close()
        painted = { raster, bitmap }
        if (ended) bitmap.close()
        else ready()
      }
    } catch (error) {
      if (!ended) failed(error as LamellaError)
    } finally {
      busy = false
    }
  }

  /** Draws what is painted where it belongs in a raster, which may have been moved since. */
  function draw(context: CanvasRenderingContext2D, raster: Raster): void {
    const { canvas } = context
    const own = painted !== null && fits(painted.raster, raster) ? painted : null
    const still = own !== null && isWhere(own.raster, raster)
    canvas.width = still ? own.bitmap.width : Math.round(raster.width * ratio)
    canvas.height = still ? own.bitmap.height : Math.round(raster.height * ratio)
    context.fillStyle = raster.empty
    context.fillRect(0, 0, canvas.width, canvas.height)
    if (own === null) return
    if (still) {
      context.drawImage(own.bitmap, 0, 0)
      return
    }
    const { view } = raster.scene
    const before = own.raster.scene.view
    const factor = view.cell / before.cell
    // The same cells, of the size that they have now.
    const width = own.raster.width * factor
    const first = columnLeft(raster.scene, before.column)
    const x = raster.scene.mirrored ? first + view.cell - width : first
    const y = (before.row - view.row) * view.cell
    context.imageSmoothingEnabled = factor < 1
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.drawImage(own.bitmap, x, y, width, own.raster.height * factor)
  }

  function end(): void {
    ended = true
    painter.end()
    painted?.bitmap.close()
    painted = null
  }

  return { want, draw, end }
}

function isWhere(a: Raster, b: Raster): boolean {
  const [from, to] = [a.scene.view, b.scene.view]
  const sameCells = from.cell === to.cell && from.row === to.row && from.column === to.column
  return sameCells && a.width === b.width && a.height === b.height
}

/** Whether pixels of one raster may stand for another's for the moment that takes. */
function fits({ scene: a }: Raster, { scene: b }: Raster): boolean {
  return a.stage.size === b.stage.size && a.mirrored === b.mirrored
}
