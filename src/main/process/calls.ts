import type { CallTable } from '#common/model/call-table.ts'
import { isCancelled } from '#common/model/cancel.ts'
import { cancelled, thrownError, type LamellaError } from '#common/model/errors.ts'
import type { HostedProcess } from './host.ts'
import type { Message, Reply } from './messages.ts'

/** How long a cancelled call may still take before its process is replaced, in ms. */
const usualPatience = 250

export type ProcessState =
  | { readonly state: 'starting' | 'ready' }
  | { readonly state: 'restarting'; readonly reason: string }

/** Calls to a process that takes them in turn. It is replaced when it dies or will not stop. */
export interface Calls<T extends CallTable<T>> {
  /**
   * Makes a call. One that is given up is rejected at once and, while it waits for others, never started. What
   * is under way is, when it is abandoned, left to stop or to finish as the process has it; when it is cancelled, the
   * process is replaced.
   * @throws LamellaError as the process says, or as its death does; `cancelled`
   */
  ask<C extends keyof T>(
    call: C,
    argument: T[C]['argument'],
    signal?: AbortSignal
  ): Promise<T[C]['result']>
  /** Makes a call that its caller gives up himself. */
  post<C extends keyof T>(call: C, argument: T[C]['argument']): Posted<T[C]['result']>
  /** Tells of changes alone: that it is ready with the first answer, not with each. */
  onState(listener: (state: ProcessState) => void): void
  /** Starts the process where there is none, ahead of the next call. */
  prepare(): void
  /** Whether there is a process. */
  isRunning(): boolean
  /** Ends the process where nothing is asked of it: it gives back what it took, and the next call starts another. */
  rest(): void
  /** Ends the process for good. */
  close(): void
}

export interface Posted<R> {
  readonly result: Promise<R>
  /**
   * Gives the call up as the signal says.
   * @returns whether nobody is to wait for it: what is abandoned while it is under way may still give its result
   */
  giveUp(signal: AbortSignal): boolean
}

export interface CallsOptions<T extends CallTable<T>> {
  /** Starts a process: when there is none and a call is made. */
  spawn(): HostedProcess
  /** How long a cancelled call may still be under way before its process is replaced, in ms. */
  readonly patience?: number
  /** Calls that take no time: what waits behind them alone is as good as under way. */
  readonly brief?: readonly (keyof T)[]
  /** Whether the process is told when what is under way is abandoned, and stops it at its next step. */
  readonly stops?: boolean
  /** A process is gone with all it had; it may be asked again at once. */
  onReplaced?(): void
  /** A result that came when nobody waited any more. */
  onUnwanted?(result: T[keyof T]['result']): void
  /**
   * The error of a call whose process died.
   * @param call absent: of the process itself
   */
  died(reason: string, call?: LostCall<T>): LamellaError
  closed(): LamellaError
}

/** A call whose process died. */
export type LostCall<T extends CallTable<T>> = {
  readonly [C in keyof T]: {
    readonly call: C
    readonly argument: T[C]['argument']
    /** The file that the process read last for it; null where it read none. */
    readonly at: string | null
  }
}[keyof T]

interface Pending<T extends CallTable<T>> {
  readonly call: keyof T
  readonly argument: T[keyof T]['argument']
  at: string | null
  /** Nobody waits for its result any more. */
  isUnwanted: boolean
  /** Its process is replaced when it goes on with it. */
  isCancelled: boolean
  resolve(result: unknown): void
  reject(error: LamellaError): void
}

export function createCalls<T extends CallTable<T>>(options: CallsOptions<T>): Calls<T> {
  const listeners: ((state: ProcessState) => void)[] = []
  /** Calls of the present process, in the order that it takes them: the first that takes time is under way. */
  const pending = new Map<number, Pending<T>>()
  const { patience = usualPatience, brief = [] } = options
  let running: HostedProcess | null = null
  let isReady = false
  let nextId = 0
  let closed = false

  function start(): HostedProcess {
    const started = options.spawn()
    running = started
    started.onMessage(message => {
      if (running === started) settle(message as Reply<T>)
    })
    started.onExit(reason => {
      if (running === started)
        replace(options.died(reason).message, call => options.died(reason, call))
    })
    return started
  }

  function settle(reply: Reply<T>): void {
    const call = pending.get(reply.id)
    if ('at' in reply) {
      if (call !== undefined) call.at = reply.at
      return
    }
    pending.delete(reply.id)
    endCancelled()
    if ('result' in reply) {
      if (call?.isUnwanted) options.onUnwanted?.(reply.result)
      call?.resolve(reply.result)
    } else call?.reject('dropped' in reply ? cancelled() : thrownError(reply.error))
    if (!isReady) tell({ state: 'ready' })
  }

  /** Ends the present process; its calls fail, and the next one starts another. */
  function replace(reason: string, errorOf: (call: Pending<T>) => LamellaError): void {
    const old = running
    running = null
    const calls = [...pending.values()]
    pending.clear()
    old?.kill()
    options.onReplaced?.()
    for (const call of calls) call.reject(errorOf(call))
    if (!closed) tell({ state: 'restarting', reason })
  }

  function tell(state: ProcessState): void {
    isReady = state.state === 'ready'
    for (const listener of listeners) listener(state)
  }

  function post<C extends keyof T>(call: C, argument: T[C]['argument']): Posted<T[C]['result']> {
    if (closed) return { result: Promise.reject(options.closed()), giveUp: () => false }
    const process = running ?? start()
    const send = (message: Message<T>) => process.send(message)
    const id = nextId++
    const result = new Promise<unknown>((resolve, reject) => {
      pending.set(id, {
        call,
        argument,
        at: null,
        isUnwanted: false,
        isCancelled: false,
        resolve,
        reject
      })
      send({ id, call, argument })
    }) as Promise<T[C]['result']>
    return {
      result,
      giveUp(signal) {
        const given = pending.get(id)
        if (given === undefined) return false
        const isLeft = !isCancelled(signal) && isUnderWay(id)
        if (!isLeft || options.stops) send({ drop: id })
        if (isLeft) return false
        given.isUnwanted = true
        if (isCancelled(signal)) {
          given.isCancelled = true
          if (isUnderWay(id)) endCancelled()
        }
        return true
      }
    }
  }

  function isUnderWay(id: number): boolean {
    return underWay()?.[0] === id
  }

  function underWay(): [number, Pending<T>] | undefined {
    return [...pending].find(([, { call }]) => !brief.includes(call))
  }

  /** Gives the call that is under way its time, if it is cancelled; the process is replaced when it takes more. */
  function endCancelled(): void {
    const first = underWay()
    if (!first?.[1].isCancelled) return
    setTimeout(() => {
      if (isUnderWay(first[0])) replace(cancelled().message, cancelled)
    }, patience)
  }

  return {
    ask(call, argument, signal) {
      if (signal?.aborted) return Promise.reject(cancelled())
      const posted = post(call, argument)
      if (signal === undefined) return posted.result
      return new Promise((resolve, reject) => {
        const leave = () => {
          if (posted.giveUp(signal)) reject(cancelled())
        }
        const forget = () => signal.removeEventListener('abort', leave)
        signal.addEventListener('abort', leave, { once: true })
        posted.result.then(resolve, reject).finally(forget)
      })
    },
    post,
    onState: listener => listeners.push(listener),
    prepare() {
      if (!closed) running ??= start()
    },
    isRunning: () => running !== null,
    rest() {
      if (pending.size > 0) return
      const old = running
      running = null
      old?.kill()
    },
    close() {
      closed = true
      replace(options.closed().message, () => options.closed())
    }
  }
}
