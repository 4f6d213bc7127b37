import { isCancelled } from '#common/model/cancel.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import { createExchange, type Exchange } from './exchange.ts'
import {
  makeExchangeFolder,
  removeExchangeFolder,
  sweepExchangeFolders
} from './exchange-folder.ts'
import type { EngineHost, EngineProcess } from './host.ts'
import type {
  Crossing,
  EngineCall,
  EngineCalls,
  EngineError,
  EngineMessage,
  EngineReply,
  EngineTensor
} from './protocol.ts'

/** How long a cancelled call may still take before its process is replaced, in ms. */
const usualPatience = 250

/** A process that dies this often in a row without one answer is not started again until it is needed. */
const crashesInARow = 3

export type EngineState =
  | { readonly state: 'starting' | 'ready' }
  | { readonly state: 'restarting'; readonly reason: string }

type Result<C extends EngineCall> = EngineCalls[C]['result']
type Argument<C extends EngineCall> = EngineCalls[C]['argument']

/** Calls to an engine process, which is replaced when it dies or will not stop. */
export interface Calls {
  /**
   * Makes a call. One that is given up is rejected at once and, while it waits for others, never started. What
   * is computed already is left to finish when it is abandoned, and gives its result; when it is
   * cancelled, the process is replaced.
   * @throws LamellaError what the engine says; `engine-failed` when the process dies; `cancelled`
   */
  ask<C extends EngineCall>(
    call: C,
    argument: Argument<C>,
    signal?: AbortSignal
  ): Promise<Result<C>>
  /** Makes a call that its caller gives up himself. */
  post<C extends EngineCall>(call: C, argument: Argument<C>): Posted<C>
  /** What large tensors cross through to the present process; null while there is none. */
  exchange(): Exchange | null
  onState(listener: (state: EngineState) => void): void
  close(): void
}

export interface Posted<C extends EngineCall> {
  readonly result: Promise<Result<C>>
  /**
   * Gives the call up as the signal says.
   * @returns whether nobody is to wait for it: what is abandoned while it is computed still gives its result
   */
  giveUp(signal: AbortSignal): boolean
}

interface Pending {
  /** Nobody waits for its result any more. */
  isUnwanted: boolean
  /** Its process is replaced when it goes on computing it. */
  isCancelled: boolean
  resolve(result: unknown): void
  reject(error: LamellaError): void
}

/** A process and the folder that its tensors cross in. */
interface Running {
  readonly process: EngineProcess
  readonly folder: string | null
  readonly exchange: Exchange
}

/**
 * @param onReplaced called when a process is gone with all it had loaded
 * @param patience how long a cancelled call may still be computed, in ms
 */
export function createCalls(
  host: EngineHost,
  onReplaced: () => void,
  patience = usualPatience
): Calls {
  const listeners: ((state: EngineState) => void)[] = []
  /** Calls of the present process, in the order that it takes them: it computes the first. */
  const pending = new Map<number, Pending>()
  let running: Running | null = null
  let nextId = 0
  let crashes = 0
  let closed = false
  void sweepExchangeFolders()

  function start(): Running {
    const folder = makeExchangeFolder()
    const process = host.spawn(folder)
    const started = { process, folder, exchange: createExchange(folder) }
    running = started
    process.onMessage(message => {
      if (running !== started) return
      crashes = 0
      settle(message as EngineReply)
    })
    process.onExit(reason => {
      if (running === started) replace(engineFailed(`The engine stopped (${reason})`))
    })
    return started
  }

  function settle(reply: EngineReply): void {
    const call = pending.get(reply.id)
    pending.delete(reply.id)
    endCancelled()
    if ('result' in reply) {
      if (call?.isUnwanted) discard(reply.result)
      call?.resolve(reply.result)
    } else call?.reject('dropped' in reply ? cancelled() : engineError(reply.error))
    tell({ state: 'ready' })
  }

  /** Removes the files of a result that nobody reads. */
  function discard(result: Result<EngineCall>): void {
    for (const sent of Object.values(result ?? {}))
      void running?.exchange.discard(sent as Crossing<EngineTensor>)
  }

  /** Ends the present process; its calls fail with the error and a fresh one takes its place. */
  function replace(error: LamellaError): void {
    const old = running
    running = null
    onReplaced()
    const calls = [...pending.values()]
    pending.clear()
    old?.process.kill()
    if (old?.folder) removeExchangeFolder(old.folder)
    for (const call of calls) call.reject(error)
    if (closed) return
    tell({ state: 'restarting', reason: error.message })
    crashes += 1
    if (crashes >= crashesInARow) return
    // Starts the new process, where who was told has not; its first answer says that it is ready.
    post('memory', null).result.catch(() => undefined)
  }

  function tell(state: EngineState): void {
    for (const listener of listeners) listener(state)
  }

  function post<C extends EngineCall>(call: C, argument: Argument<C>): Posted<C> {
    if (closed)
      return { result: Promise.reject(engineFailed('The engine is closed')), giveUp: () => false }
    const { process } = running ?? start()
    const send = (message: EngineMessage) => process.send(message)
    const id = nextId++
    const result = new Promise<unknown>((resolve, reject) => {
      pending.set(id, { isUnwanted: false, isCancelled: false, resolve, reject })
      send({ id, call, argument })
    }) as Promise<Result<C>>
    return {
      result,
      giveUp(signal) {
        const call = pending.get(id)
        if (call === undefined || (!isCancelled(signal) && isComputed(id))) return false
        call.isUnwanted = true
        send({ drop: id })
        if (isCancelled(signal)) {
          call.isCancelled = true
          if (isComputed(id)) endCancelled()
        }
        return true
      }
    }
  }

  function isComputed(id: number): boolean {
    const [first] = pending.keys()
    return first === id
  }

  /** Gives the call that is computed its time, if it is cancelled; the process is replaced when it takes more. */
  function endCancelled(): void {
    const [first] = pending
    if (!first?.[1].isCancelled) return
    setTimeout(() => {
      if (isComputed(first[0])) replace(cancelled())
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
    exchange: () => running?.exchange ?? null,
    onState: listener => listeners.push(listener),
    close() {
      closed = true
      replace(engineFailed('The engine is closed'))
    }
  }
}

function engineError({ code, message, hint }: EngineError): LamellaError {
  return new LamellaError(code, message, hint)
}

function engineFailed(message: string): LamellaError {
  return new LamellaError('engine-failed', message)
}
