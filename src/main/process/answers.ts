import type { CallTable, Request } from '#common/model/call-table.ts'
import { plainError, type LamellaError } from '#common/model/errors.ts'
import type { Message, Reply } from './messages.ts'
import { connectOwner } from './owner.ts'
import { clockTime, processorTime } from './watch.ts'

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
    /** Time that a call may take, in ms: of the processor, between calls none is counted, and by the clock. */
    readonly time: (request: Request<T>) => { readonly processor: number; readonly clock: number }
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
  /** In processor time and by the clock; shared with the thread that looks at it. */
  const deadline = new Float64Array(new SharedArrayBuffer(16)).fill(Infinity)
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
    if (limits !== undefined) {
      const { processor, clock } = limits.time(request)
      deadline[0] = processorTime() + processor
      deadline[1] = clockTime() + clock
    }
    try {
      return await work[call](argument, controller.signal)
    } finally {
      deadline.fill(Infinity)
      underWay = null
    }
  }

  return file => {
    if (underWay !== null) reply({ id: underWay.id, at: file })
  }
}
