import { cancelled, LamellaError } from './errors.ts'

/**
 * Ends work because a person pressed *Cancel*: what computes it is stopped in the middle. `abort()` alone abandons
 * it, as one does who leaves: nobody waits any more, so it stops at its next step, and nothing is stopped by force.
 */
export function cancelWork(controller: AbortController | null | undefined): void {
  controller?.abort(cancelled())
}

/** Whether the work of an aborted signal was cancelled; false where it was abandoned. */
export function isCancelled({ reason }: AbortSignal): boolean {
  return reason instanceof LamellaError && reason.code === 'cancelled'
}

/** Rejects once a signal is aborted, also where it is already, and never resolves: to be raced with what is waited for. */
export function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(cancelled())
    else signal.addEventListener('abort', () => reject(cancelled()), { once: true })
  })
}
