import { watch } from 'vue'
import { cancelled } from '#common/model/errors.ts'

/**
 * Done once something is so.
 * @throws LamellaError `cancelled` where it is given up before
 */
export function until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(cancelled())
  if (condition()) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const stop = watch(condition, isSo => {
      if (!isSo) return
      stop()
      signal?.removeEventListener('abort', giveUp)
      resolve()
    })
    function giveUp(): void {
      stop()
      reject(cancelled())
    }
    signal?.addEventListener('abort', giveUp, { once: true })
  })
}
