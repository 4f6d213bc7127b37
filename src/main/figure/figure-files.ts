import type { FigureFile, FigureFileRequest } from '#common/model/figure-file.ts'
import { startThread } from '../threads/thread.ts'

/** What a thread that draws does. */
export interface FigureCalls {
  file: { argument: FigureFileRequest; result: FigureFile }
}

/** Files of figures, each made in a thread of its own. */
export interface FigureFiles {
  /** @throws LamellaError why it cannot be made; what `signal` is aborted with */
  file(request: FigureFileRequest, signal: AbortSignal): Promise<FigureFile>
}

/** @param entry the module that a thread runs */
export function createFigureFiles(entry: string): FigureFiles {
  return {
    async file(request, signal) {
      signal.throwIfAborted()
      const thread = startThread<FigureCalls>(entry, { name: 'Lamella figure', does: 'draws it' })
      const aborted = Promise.withResolvers<never>()
      const abort = () => aborted.reject(signal.reason as Error)
      signal.addEventListener('abort', abort, { once: true })
      try {
        return await Promise.race([thread.ask('file', request), aborted.promise])
      } finally {
        signal.removeEventListener('abort', abort)
        thread.stop()
      }
    }
  }
}
