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

/** A thread for one figure after the other: to start it takes longer than to draw most. */
export interface FigureThreads {
  /**
   * Has figures drawn. The thread ends where that fails or is given up; the next figure starts another.
   * @throws LamellaError `cancelled` once `signal` is aborted
   */
  use<T>(signal: AbortSignal, use: (thread: FigureThread) => Promise<T>): Promise<T>
}

/**
 * A thread that starts with the first figure, and keeps no program from ending.
 * @param entry the module that it runs
 */
export function createFigureThreads(entry: string): FigureThreads {
  let thread: Thread<FigureCalls> | null = null
  const ask = (call: 'svg' | 'spots', { panel, look, wish }: FigureToDraw) => {
    if (thread === null || thread.hasStopped())
      thread = startThread<FigureCalls>(entry, { name: 'Lamella figure', does: 'draws it' })
    return thread.ask(call, { panel, look, wish })
  }
  const own: FigureThread = {
    svg: figure => ask('svg', figure),
    spots: figure => ask('spots', figure)
  }
  return {
    async use<T>(signal: AbortSignal, use: (thread: FigureThread) => Promise<T>): Promise<T> {
      signal.throwIfAborted()
      try {
        return await Promise.race([use(own), abortOf(signal)])
      } catch (error) {
        thread?.stop()
        throw error
      }
    }
  }
}
