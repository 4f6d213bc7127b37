import { Worker } from 'node:worker_threads'
import type { Report } from '#common/analysis/analysis.ts'
import type { Answer, CallTable, Request } from '#common/model/call-table.ts'
import { LamellaError, thrownError, toLamellaError } from '#common/model/errors.ts'
import type { Step } from './answer.ts'

/** A worker thread and the calls it has not answered. */
export interface Thread<C extends CallTable<C>> {
  /**
   * @param moved buffers that leave for good
   * @param report is told how far it is, of a call that says so
   * @throws LamellaError what the call threw, or why the thread stopped
   */
  ask<K extends keyof C>(
    call: K,
    argument: C[K]['argument'],
    moved?: readonly ArrayBuffer[],
    report?: Report
  ): Promise<C[K]['result']>
  /** Whether it lives and has answered all. */
  isIdle(): boolean
  hasStopped(): boolean
  stop(): void
}

export interface ThreadOptions {
  readonly name: string
  /** What it does, as in `The thread that computes it stopped`. */
  readonly does: string
  /** What it is given at its start. */
  readonly given?: unknown
}

/**
 * Starts a worker thread. Nothing waits for it but who asked, and who asked keeps it by a call.
 * @param entry the module that it runs
 */
export function startThread<C extends CallTable<C>>(
  entry: string,
  { name, does, given }: ThreadOptions
): Thread<C> {
  const worker = new Worker(entry, { name, workerData: given })
  const pending = new Map<
    number,
    {
      resolve(result: C[keyof C]['result']): void
      reject(error: Error): void
      report: Report | undefined
    }
  >()
  let stopped: LamellaError | null = null
  let nextId = 0
  worker.unref()

  function fail(reason: string): void {
    stopped ??= new LamellaError('internal', `The thread that ${does} stopped: ${reason}`)
    const calls = [...pending.values()]
    pending.clear()
    for (const call of calls) call.reject(stopped)
  }

  worker.on('message', (reply: Answer<C> | Step) => {
    const call = pending.get(reply.id)
    if ('done' in reply) {
      call?.report?.(reply.done, reply.total, reply.places)
      return
    }
    pending.delete(reply.id)
    if (pending.size === 0) worker.unref()
    if ('error' in reply) call?.reject(thrownError(reply.error))
    else call?.resolve(reply.result)
  })
  worker.on('error', (error: Error) => fail(error.message))
  worker.on('exit', code => fail(`exit code ${code}`))

  return {
    ask(call, argument, moved = [], report) {
      if (stopped !== null) return Promise.reject(stopped)
      const id = nextId++
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject, report })
        worker.ref()
        try {
          worker.postMessage({ id, call, argument } satisfies Request<C>, [...moved])
        } catch (error) {
          pending.delete(id)
          if (pending.size === 0) worker.unref()
          reject(toLamellaError(error))
        }
      })
    },
    isIdle: () => stopped === null && pending.size === 0,
    hasStopped: () => stopped !== null,
    stop() {
      fail('it was ended')
      void worker.terminate()
    }
  }
}
