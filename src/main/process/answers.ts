import { plainError, type LamellaError } from '#common/model/errors.ts'
import type { CallTable, Message, Reply, Request } from './messages.ts'
import { connectOwner, type OwnerOptions } from './owner.ts'

/** One function a call. The signal is aborted when nobody waits for the result any more. */
export type Work<T extends CallTable<T>> = {
  readonly [C in keyof T]: (
    argument: T[C]['argument'],
    signal: AbortSignal
  ) => Promise<T[C]['result']>
}

export interface AnswerOptions<T extends CallTable<T>> extends OwnerOptions {
  readonly toError: (thrown: unknown) => LamellaError
  /** Called before each call. */
  readonly onCall?: (request: Request<T>) => void
  /** Called after each call, before it is answered. */
  readonly onAnswer?: () => void
  /** Gives back what came with a call that is not made. */
  readonly discard?: (request: Request<T>) => Promise<void>
}

/**
 * Does in this process what its owner asks, one call after the other.
 * @returns tells the owner which file is read from now on
 */
export function answerCalls<T extends CallTable<T>>(
  work: Work<T>,
  { toError, onCall, onAnswer, discard, ...owned }: AnswerOptions<T>
): (file: string) => void {
  /** Calls to drop when their turn comes. */
  const dropped = new Set<number>()
  let underWay: { readonly id: number; readonly controller: AbortController } | null = null
  let queue = Promise.resolve()
  const reply: (reply: Reply<T>) => void = connectOwner(receive, owned)

  function receive(received: unknown): void {
    const message = received as Message<T>
    if (!('drop' in message)) queue = queue.then(() => answer(message))
    else if (underWay?.id === message.drop) underWay.controller.abort()
    else dropped.add(message.drop)
  }

  async function answer(request: Request<T>): Promise<void> {
    const { id, call, argument } = request
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
      const controller = new AbortController()
      underWay = { id, controller }
      onCall?.(request)
      const result = await work[call](argument, controller.signal)
      onAnswer?.()
      reply({ id, result })
    } catch (thrown) {
      onAnswer?.()
      reply({ id, error: plainError(toError(thrown)) })
    } finally {
      underWay = null
    }
  }

  return file => {
    if (underWay !== null) reply({ id: underWay.id, at: file })
  }
}
