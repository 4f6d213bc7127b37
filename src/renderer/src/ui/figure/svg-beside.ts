import type { FigureToDraw } from '#common/figure/figure-svg.ts'
import { LamellaError } from '#common/model/errors.ts'

/** A figure that is to be drawn. */
export interface SvgRequest {
  readonly job: number
  /** What is wanted of it: its document, or its spots as JSON. */
  readonly of: 'svg' | 'spots'
  readonly figure: FigureToDraw
}

/** What was wanted, or why there is none. */
export type SvgAnswer =
  { readonly job: number; readonly text: string } | { readonly job: number; readonly why: string }

interface Waiting {
  readonly resolve: (text: string) => void
  readonly reject: (error: LamellaError) => void
}

const waiting = new Map<number, Waiting>()
let worker: Worker | null = null
let jobs = 0

/**
 * A drawn figure as an SVG document, drawn beside the window's thread: to compress the pixels of a map takes up to a second.
 * @throws LamellaError `internal` when it cannot be drawn
 */
export function svgBeside(figure: FigureToDraw): Promise<string> {
  return textBeside('svg', figure)
}

/** The spots of a drawn figure as JSON, likewise. */
export function spotsBeside(figure: FigureToDraw): Promise<string> {
  return textBeside('spots', figure)
}

function textBeside(of: SvgRequest['of'], { panel, look, wish }: FigureToDraw): Promise<string> {
  worker ??= startWorker()
  const request: SvgRequest = { job: jobs++, of, figure: { panel, look, wish } }
  worker.postMessage(request)
  return new Promise<string>((resolve, reject) => waiting.set(request.job, { resolve, reject }))
}

/** Started with the first figure: charts are the largest part of the window's code. */
function startWorker(): Worker {
  const started = new Worker(new URL('./svg-worker.ts', import.meta.url), { type: 'module' })
  started.addEventListener('message', ({ data }: MessageEvent<SvgAnswer>) => {
    const own = waiting.get(data.job)
    waiting.delete(data.job)
    if ('text' in data) own?.resolve(data.text)
    else own?.reject(failure(data.why))
  })
  started.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values())
      reject(failure(message || 'its thread did not start'))
    waiting.clear()
    // The next figure has another.
    started.terminate()
    worker = null
  })
  return started
}

function failure(why: string): LamellaError {
  return new LamellaError('internal', `The figure could not be drawn: ${why}`)
}
