import type { Raster } from '#common/figure/figure-kind.ts'
import { LamellaError } from '#common/model/errors.ts'

/** What a raster is painted of; its values travel once, not with each move of the map. */
export interface PaintRequest {
  readonly painter: number
  readonly job: number
  /** Null when the painter has ended. */
  readonly raster: PaintedRaster | null
  /** Null where they are those that the painter sent last. */
  readonly values: Float32Array | null
  readonly ratio: number
}

type PaintedRaster = Pick<Raster, 'colors' | 'empty'> & {
  readonly scene: Omit<Raster['scene'], 'values'>
}

export interface PaintAnswer {
  readonly painter: number
  readonly job: number
  readonly bitmap: ImageBitmap
}

export interface RasterPainter {
  /**
   * Pixels at so many device pixels a CSS pixel.
   * @throws LamellaError `internal` when they cannot be painted
   */
  paint(
    raster: Omit<Raster, 'left' | 'top' | 'width' | 'height'>,
    ratio: number
  ): Promise<ImageBitmap>
  /** Lets go of what is kept for it. */
  end(): void
}

interface Waiting {
  readonly resolve: (bitmap: ImageBitmap) => void
  readonly reject: (error: LamellaError) => void
}

/** A thread that paints, and who waits for it. */
interface Lane {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
}

/** Small maps are many: a large one does not wait for them. */
const lanes: { large?: Lane; small?: Lane } = {}
let painters = 0
let jobs = 0

/** Paints rasters beside the window's thread: a pattern of 1,000 tokens takes up to a third of a second. */
export function rasterPainter(size: 'large' | 'small'): RasterPainter {
  const { worker, waiting } = (lanes[size] ??= startLane())
  const painter = painters++
  let sent: Float32Array | null = null

  return {
    paint({ scene: { values, ...scene }, colors, empty }, ratio) {
      const job = jobs++
      const raster = { scene, colors, empty }
      const copy = values === sent ? null : values.slice()
      const request: PaintRequest = { painter, job, raster, values: copy, ratio }
      sent = values
      return new Promise((resolve, reject) => {
        waiting.set(job, { resolve, reject })
        worker.postMessage(request, copy === null ? [] : [copy.buffer])
      })
    },
    end() {
      const request: PaintRequest = { painter, job: jobs++, raster: null, values: null, ratio: 1 }
      worker.postMessage(request)
    }
  }
}

function startLane(): Lane {
  const worker = new Worker(new URL('./raster-worker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, Waiting>()
  worker.addEventListener('message', ({ data: { job, bitmap } }: MessageEvent<PaintAnswer>) => {
    waiting.get(job)?.resolve(bitmap)
    waiting.delete(job)
  })
  worker.addEventListener('error', ({ message }) => {
    const cause = message || 'its thread did not start'
    const error = new LamellaError('internal', `The map could not be painted: ${cause}`)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  })
  return { worker, waiting }
}
