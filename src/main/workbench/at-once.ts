import { cancelled } from '#common/model/errors.ts'

/**
 * Does work once there is a place for it, at once where there is one; who is given up while he waits leaves.
 * @param waits is told where it has to wait
 */
export type AtOnce = <R>(
  signal: AbortSignal,
  work: () => Promise<R>,
  waits?: () => void
) => Promise<R>

/** Bounds how much is done at once: so many, the others after them in the order in which they came. */
export function atOnce(most: number): AtOnce {
  const waiting = new Set<() => void>()
  let working = 0

  /** Waits for a place and takes it. */
  function place(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        waiting.delete(enter)
        signal.removeEventListener('abort', leave)
        working++
        resolve()
      }
      const leave = () => {
        waiting.delete(enter)
        reject(cancelled())
      }
      waiting.add(enter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  return async (signal, work, waits) => {
    if (signal.aborted) throw cancelled()
    if (working < most) working++
    else {
      waits?.()
      await place(signal)
    }
    try {
      return await work()
    } finally {
      working--
      const [next] = waiting
      next?.()
    }
  }
}
