import { abortOf } from '#common/model/cancel.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'

/**
 * The one answer of a thread that is started for it, and ends with it.
 * @param failed what its failing means, such as `The heads could not be grouped`
 * @throws LamellaError `cancelled` once `signal` is aborted, `internal` when the thread fails
 */
export function answerBeside<A>(
  start: () => Worker,
  request: unknown,
  failed: string,
  signal: AbortSignal
): Promise<A> {
  if (signal.aborted) return Promise.reject(cancelled())
  const worker = start()
  const answer = new Promise<A>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<A>) => resolve(data))
    worker.addEventListener('error', ({ message }) => {
      const cause = message || 'its thread did not start'
      reject(new LamellaError('internal', `${failed}: ${cause}`))
    })
    worker.postMessage(request)
  })
  return Promise.race([answer, abortOf(signal)]).finally(() => worker.terminate())
}
