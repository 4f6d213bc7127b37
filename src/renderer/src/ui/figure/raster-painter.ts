import { nextTurn } from '../../reactive/next-turn.ts'
import type { Raster } from '#common/figure/figure-kind.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'

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
   * @throws LamellaError `internal` when they cannot be painted, `cancelled` when the painter has ended
   */
  paint(raster: Pick<Raster, 'scene' | 'colors' | 'empty'>, ratio: number): Promise<ImageBitmap>
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

/** Starts the threads that paint: the first maps would wait for that. */
export function startPainting(): void {
  lanes.large ??= startLane()
  lanes.small ??= startLane()
}

/** Paints rasters beside the window's thread: a pattern of 1,000 tokens takes up to a third of a second. */
export function rasterPainter(size: 'large' | 'small'): RasterPainter {
  const { worker, waiting } = (lanes[size] ??= startLane())
  const painter = painters++
  let sent: Float32Array | null = null
  let ended = false

  return {
    async paint({ scene: { values, ...scene }, colors, empty }, ratio) {
      const copy = values === sent ? null : await copyInTurns(values)
      if (ended) throw cancelled()
      const job = jobs++
      const raster = { scene, colors, empty }
      const request: PaintRequest = { painter, job, raster, values: copy, ratio }
      sent = values
      return new Promise<ImageBitmap>((resolve, reject) => {
        waiting.set(job, { resolve, reject })
        worker.postMessage(request, copy === null ? [] : [copy.buffer])
      })
    },
    end() {
      ended = true
      const request: PaintRequest = { painter, job: jobs++, raster: null, values: null, ratio: 1 }
      worker.postMessage(request)
    }
  }
}

/** So many are copied in a few milliseconds. */
const cellsATurn = 2 ** 20

/** A copy that goes to another thread, for which a long one takes several turns of the window's. */
async function copyInTurns(values: Float32Array): Promise<Float32Array<ArrayBuffer>> {
  const copy = new Float32Array(values.length)
  for (let from = 0; from < values.length; from += cellsATurn) {
    if (from > 0) await nextTurn()
    copy.set(values.subarray(from, from + cellsATurn), from)
  }
  return copy
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
