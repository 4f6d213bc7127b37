import type { FigureToDraw } from '#common/figure/figure-svg.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'

/** A figure that is to be drawn. */
export interface SvgRequest {
  /** What is wanted of it: its document, or its spots as JSON. */
  readonly of: 'svg' | 'spots'
  readonly figure: FigureToDraw
}

/** What was wanted, or why there is none. */
export type SvgAnswer = { readonly text: string } | { readonly why: string }

/** No figure takes as long but of what was made to, in ms. */
export const longestDrawing = 60_000

/** One that has drawn a figure, for the next: charts are the largest part of the window's code. */
let idle: Worker | null = null

/**
 * A drawn figure as an SVG document, drawn beside the window's thread: to compress the pixels of a map takes up to a second.
 * @throws LamellaError `internal` when it cannot be drawn, or not in {@link longestDrawing}; `cancelled` once `signal` is aborted
 */
export function svgBeside(figure: FigureToDraw, signal?: AbortSignal): Promise<string> {
  return textBeside('svg', figure, signal)
}

/** The spots of a drawn figure as JSON, likewise. */
export function spotsBeside(figure: FigureToDraw, signal?: AbortSignal): Promise<string> {
  return textBeside('spots', figure, signal)
}

/** Each is alone in its thread, which ends where it is given up: none waits behind one that does not end. */
async function textBeside(
  of: SvgRequest['of'],
  { panel, look, wish }: FigureToDraw,
  signal?: AbortSignal
): Promise<string> {
  if (signal?.aborted) throw cancelled()
  const worker = idle ?? new Worker(new URL('./svg-worker.ts', import.meta.url), { type: 'module' })
  idle = null
  const drawn = Promise.withResolvers<SvgAnswer>()
  worker.onmessage = ({ data }: MessageEvent<SvgAnswer>) => drawn.resolve(data)
  worker.onerror = ({ message }) => drawn.reject(failure(message || 'its thread did not start'))
  const cancel = () => drawn.reject(cancelled())
  signal?.addEventListener('abort', cancel, { once: true })
  const late = setTimeout(
    () => drawn.reject(failure(`it was given up after ${longestDrawing / 1000} s`)),
    longestDrawing
  )
  try {
    worker.postMessage({ of, figure: { panel, look, wish } } satisfies SvgRequest)
    const answer = await drawn.promise
    if (idle === null) idle = worker
    else worker.terminate()
    if ('text' in answer) return answer.text
    throw failure(answer.why)
  } catch (thrown) {
    if (idle !== worker) worker.terminate()
    throw thrown
  } finally {
    clearTimeout(late)
    signal?.removeEventListener('abort', cancel)
  }
}

function failure(why: string): LamellaError {
  return new LamellaError('internal', `The figure could not be drawn: ${why}`)
}
