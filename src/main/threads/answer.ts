import { parentPort } from 'node:worker_threads'
import type { Report } from '#common/analysis/analysis.ts'
import type { Answer, CallTable, Request } from '#common/model/call-table.ts'
import { plainError, toLamellaError } from '#common/model/errors.ts'

/** How far a call has come. */
export interface Step {
  readonly id: number
  readonly done: number
  readonly total: number
  readonly places?: Float32Array | undefined
}

/** One function for each call, which may report how far it is. They begin in the order they are asked for. */
export type Work<C extends CallTable<C>> = {
  readonly [K in keyof C]: (
    argument: C[K]['argument'],
    report?: Report
  ) => C[K]['result'] | Promise<C[K]['result']>
}

/**
 * Answers, in a worker thread, the calls of its owner.
 * @param moved the buffers of a result that leave with it
 */
export function answerCalls<C extends CallTable<C>>(
  work: Work<C>,
  moved: (result: C[keyof C]['result']) => readonly ArrayBuffer[] = () => []
): void {
  const port = parentPort!

  async function answer({ id, call, argument }: Request<C>): Promise<void> {
    const report: Report = (done, total, places) =>
      port.postMessage({ id, done, total, places } satisfies Step)
    try {
      const result = await work[call](argument, report)
      port.postMessage({ id, result } satisfies Answer<C>, [...moved(result)])
    } catch (error) {
      port.postMessage({ id, error: plainError(toLamellaError(error)) } satisfies Answer<C>)
    }
  }

  port.on('message', (request: Request<C>) => void answer(request))
}
