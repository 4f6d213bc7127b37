import type { Grouping } from '#common/analysis/head-distances/grouping.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { GroupingRequest } from './grouping-worker.ts'

/**
 * Groups things beside the window's thread: of 1,000 it takes some seconds. The thread ends with it.
 * @throws LamellaError `cancelled` once `signal` is aborted, `internal` when the thread fails
 */
export function groupingBeside(request: GroupingRequest, signal: AbortSignal): Promise<Grouping> {
  if (signal.aborted) return Promise.reject(cancelled())
  const worker = new Worker(new URL('./grouping-worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Grouping>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(cancelled()), { once: true })
    worker.addEventListener('message', ({ data }: MessageEvent<Grouping>) => resolve(data))
    worker.addEventListener('error', ({ message }) => {
      const cause = message || 'its thread did not start'
      reject(new LamellaError('internal', `The heads could not be grouped: ${cause}`))
    })
    worker.postMessage(request)
  }).finally(() => worker.terminate())
}
