import type { FigureToDraw } from '#common/figure/figure-svg.ts'
import { abortOf } from '#common/model/cancel.ts'
import { startThread, type Thread } from '../threads/thread.ts'
import type { FigureCalls } from './figure-files.ts'

/** Draws figures in a thread: what a stranger's file has drawn holds up nothing, and can be ended. */
export interface FigureThread {
  /** As `figureSvg` draws it. */
  svg(figure: FigureToDraw): Promise<string>
  /** Its `figureSpots` as JSON. */
  spots(figure: FigureToDraw): Promise<string>
}

/**
 * A thread for all that is drawn meanwhile, which starts with the first and ends with it, or as `signal` is aborted.
 * @param entry the module that it runs
 * @throws LamellaError `cancelled` once `signal` is aborted
 */
export async function withFigureThread<T>(
  entry: string,
  signal: AbortSignal,
  use: (thread: FigureThread) => Promise<T>
): Promise<T> {
  signal.throwIfAborted()
  let thread: Thread<FigureCalls> | null = null
  const ask = (call: 'svg' | 'spots', { panel, look, wish }: FigureToDraw) => {
    thread ??= startThread<FigureCalls>(entry, { name: 'Lamella figure', does: 'draws it' })
    return thread.ask(call, { panel, look, wish })
  }
  const own: FigureThread = {
    svg: figure => ask('svg', figure),
    spots: figure => ask('spots', figure)
  }
  try {
    return await Promise.race([use(own), abortOf(signal)])
  } finally {
    // TypeScript does not see that it is started by what it is handed to.
    ;(thread as Thread<FigureCalls> | null)?.stop()
  }
}
