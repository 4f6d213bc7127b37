import type { CallTable, Request } from '#common/model/call-table.ts'
import { plainError, type LamellaError } from '#common/model/errors.ts'
import type { Message, Reply } from './messages.ts'
import { connectOwner } from './owner.ts'
import { processorTime } from './watch.ts'

/** One function a call. The signal is aborted when nobody waits for the result any more. */
export type Work<T extends CallTable<T>> = {
  readonly [C in keyof T]: (
    argument: T[C]['argument'],
    signal: AbortSignal
  ) => Promise<T[C]['result']>
}

export interface AnswerOptions<T extends CallTable<T>> {
  readonly toError: (thrown: unknown) => LamellaError
  /** What this process may take; one that takes more is ended. */
  readonly limits?: {
    /** Resident memory, in bytes. */
    readonly memory: number
    /** Processor time that a call may take, in ms; between calls none is counted. */
    readonly time: (request: Request<T>) => number
  }
  /** Of an exchange: removed when this process ends with its owner or over a limit; empty for none. */
  readonly folder?: string
  /** Gives back what came with a call that is not made. */
  readonly discard?: (request: Request<T>) => Promise<void>
}

/**
 * Does in this process what its owner asks, one call after the other.
 * @returns tells the owner which file is read from now on
 */
export function answerCalls<T extends CallTable<T>>(
  work: Work<T>,
  { toError, limits, folder = '', discard }: AnswerOptions<T>
): (file: string) => void {
  /** In processor time; shared with the thread that looks at it. */
  const deadline = new Float64Array(new SharedArrayBuffer(8)).fill(Infinity)
  /** Calls to drop when their turn comes. */
  const dropped = new Set<number>()
  let underWay: { readonly id: number; readonly controller: AbortController } | null = null
  let queue = Promise.resolve()
  const reply: (reply: Reply<T>) => void = connectOwner(receive, {
    folder,
    ...(limits && { limits: { memory: limits.memory, deadline } })
  })

  function receive(received: unknown): void {
    const message = received as Message<T>
    if (!('drop' in message)) queue = queue.then(() => answer(message))
    else if (underWay?.id === message.drop) underWay.controller.abort()
    else dropped.add(message.drop)
  }

  async function answer(request: Request<T>): Promise<void> {
    const { id } = request
    // What was said while the call before blocked this thread is heard first.
    await new Promise(resolve => setImmediate(resolve))
    const isDropped = dropped.has(id)
    // Calls come in the order of their ids.
    for (const other of dropped) if (other <= id) dropped.delete(other)
    try {
      if (isDropped) {
        await discard?.(request)
        return reply({ id, dropped: true })
      }
      reply({ id, result: await resultOf(request) })
    } catch (thrown) {
      reply({ id, error: plainError(toError(thrown)) })
    }
  }

  async function resultOf(request: Request<T>): Promise<T[keyof T]['result']> {
    const { id, call, argument } = request
    const controller = new AbortController()
    underWay = { id, controller }
    if (limits !== undefined) deadline[0] = processorTime() + limits.time(request)
    try {
      return await work[call](argument, controller.signal)
    } finally {
      deadline[0] = Infinity
      underWay = null
    }
  }

  return file => {
    if (underWay !== null) reply({ id: underWay.id, at: file })
  }
}
