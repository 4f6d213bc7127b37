import type { CallTable } from '#common/model/call-table.ts'
import { startThread, type ThreadOptions } from './thread.ts'

/**
 * One call of a thread of its own, which ends with it, or as `signal` is aborted.
 * @param entry the module that the thread runs
 * @throws LamellaError what the call threw, or why the thread stopped; what `signal` is aborted with
 */
export async function oneCall<C extends CallTable<C>, K extends keyof C>(
  entry: string,
  options: ThreadOptions,
  call: K,
  argument: C[K]['argument'],
  signal: AbortSignal
): Promise<C[K]['result']> {
  signal.throwIfAborted()
  const thread = startThread<C>(entry, options)
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([thread.ask(call, argument), aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
    thread.stop()
  }
}
