import type { CallContext } from '#common/contract/rpc.ts'
import type { Progress } from '#common/contract/schemas.ts'
import { cancelWork, isCancelled } from '#common/model/cancel.ts'
import { cancelled } from '#common/model/errors.ts'

/**
 * Work that several callers may want at once: it is done once, and ends early only when all have left. Who comes then begins
 * it anew, once it has ended: what it still writes takes the place of nothing newer.
 */
export interface SharedWork<T> {
  of(key: string, caller: CallContext, work: (context: CallContext) => Promise<T>): Promise<T>
}

interface UnderWay<T> {
  readonly controller: AbortController
  readonly callers: Set<CallContext>
  /** How far it is, as it was told last; null where nothing was yet. */
  readonly last: () => Progress | null
  readonly result: Promise<T>
}

export function createSharedWork<T>(): SharedWork<T> {
  const underWay = new Map<string, UnderWay<T>>()
  /** The end of the work begun last, whether or not anybody waits for it. */
  const ends = new Map<string, Promise<void>>()

  function start(key: string, work: (context: CallContext) => Promise<T>): UnderWay<T> {
    const controller = new AbortController()
    const callers = new Set<CallContext>()
    let last: Progress | null = null
    const progress: CallContext['progress'] = report => {
      last = report
      for (const caller of callers) caller.progress(report)
    }
    const { signal } = controller
    const result = Promise.resolve(ends.get(key)).then(() => {
      signal.throwIfAborted()
      return work({ signal, progress })
    })
    const ended = () => {
      if (underWay.get(key)?.controller === controller) underWay.delete(key)
      if (ends.get(key) === end) ends.delete(key)
    }
    // How it ended is told to its callers, if any are left.
    const end = result.then(ended, ended)
    ends.set(key, end)
    const started = { controller, callers, result, last: () => last }
    underWay.set(key, started)
    return started
  }

  return {
    async of(key, caller, work) {
      if (caller.signal.aborted) throw cancelled()
      const { controller, callers, result, last } = underWay.get(key) ?? start(key, work)
      callers.add(caller)
      // Of one that waits nothing may be told for long.
      const told = last()
      if (told !== null) caller.progress(told)
      return new Promise<T>((resolve, reject) => {
        const leave = () => {
          callers.delete(caller)
          if (callers.size === 0) {
            // Who comes from now on begins anew.
            if (underWay.get(key)?.controller === controller) underWay.delete(key)
            if (isCancelled(caller.signal)) cancelWork(controller)
            else controller.abort()
          }
          reject(cancelled())
        }
        caller.signal.addEventListener('abort', leave, { once: true })
        result.then(resolve, reject).finally(() => {
          callers.delete(caller)
          caller.signal.removeEventListener('abort', leave)
        })
      })
    }
  }
}
