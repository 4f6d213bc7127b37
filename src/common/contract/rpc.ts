import type { z } from 'zod'
import { api, events } from './api.ts'
import type { Api, EventName, EventPayload, MethodName, Params, Result } from './api.ts'
import { cancelWork, isCancelled } from '../model/cancel.ts'
import {
  cancelled,
  LamellaError,
  toLamellaError,
  plainError,
  thrownError
} from '../model/errors.ts'
import { firstFault } from '../model/first-fault.ts'
import { ClientMessage, ServerMessage } from './messages.ts'
import type { Progress } from './schemas.ts'
import type { Transport } from './transport.ts'

/** What work gets besides its params. */
export interface CallContext {
  /** Aborted when the call is cancelled or abandoned; `isCancelled` tells which. */
  readonly signal: AbortSignal
  progress(progress: Progress): void
}

/** What a handler gets besides its params. */
export interface HandlerContext extends CallContext {
  /** The window or script that calls: the same over all its connections. */
  readonly client: string
}

/** One function for each method of the API; its params have passed their schema. */
export type Handlers = {
  readonly [M in MethodName]: (
    params: z.output<Api[M]['params']>,
    context: HandlerContext
  ) => Promise<Result<M>>
}

/** What can be served: the methods and the events. */
export interface ApiSource {
  readonly handlers: Handlers
  /**
   * Hears that a client has a connection.
   * @returns a function that says that this connection has ended
   */
  connected(client: string): () => void
  /** @returns a function that ends the subscription */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void
}

/** The API as its caller sees it. */
export interface Client {
  /** @throws LamellaError when the method fails, is cancelled or the connection is lost */
  call<M extends MethodName>(
    method: M,
    params: Params<M>,
    options?: ReturningOptions<M>
  ): Promise<Result<M>>
  /** @returns a function that ends the subscription */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void
}

/** Calls methods, or those of a few names, and hears of nothing but their results. */
export type Calls<N extends MethodName = MethodName> = <M extends N>(
  method: M,
  params: Params<M>
) => Promise<Result<M>>

export interface CallOptions {
  /** Abandons the call when it is aborted; cancels it when `cancel` aborts it. The call rejects at once. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** Options of a call whose result is something that is to be given back. */
export interface ReturningOptions<M extends MethodName> extends CallOptions {
  /** Is told of a result that was on its way as the call was given up. */
  readonly onLate?: (result: Result<M>) => void
}

/**
 * Answers the calls that come over a transport until it closes. Params and results pass their schemas
 * here, the one boundary. When the transport closes, every call under way is abandoned: a window that was closed or
 * reloaded waits for nothing, but what others use is not taken from them.
 */
export function serveApi(source: ApiSource, transport: Transport): void {
  const running = new Map<number, AbortController>()
  let client: string | null = null
  let leave = (): void => undefined
  let open = true
  const send = (message: ServerMessage) => {
    if (open) transport.send(message)
  }

  async function answer(
    client: string,
    id: number,
    method: string,
    params: unknown
  ): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    const context: HandlerContext = {
      client,
      signal: controller.signal,
      progress: progress => {
        if (running.get(id) === controller && !controller.signal.aborted)
          send({ type: 'progress', id, progress })
      }
    }
    let reply: ServerMessage
    try {
      const result = await invoke(source.handlers, method, params, context)
      reply = controller.signal.aborted
        ? errorMessage(id, cancelled())
        : { type: 'result', id, result }
    } catch (thrown) {
      reply = errorMessage(id, controller.signal.aborted ? cancelled() : thrown)
    }
    running.delete(id)
    try {
      send(reply)
    } catch (thrown) {
      send(errorMessage(id, thrown))
    }
  }

  transport.onMessage(received => {
    const parsed = ClientMessage.safeParse(received)
    if (!parsed.success) return
    const message = parsed.data
    if (message.type === 'hello') {
      // Who it is does not change meanwhile.
      if (client === null) leave = source.connected((client = message.client))
      return
    }
    const { id } = message
    const controller = running.get(id)
    if (message.type === 'call') {
      if (client === null) send(errorMessage(id, notSaid()))
      else if (controller === undefined) void answer(client, id, message.method, message.params)
    } else if (controller !== undefined) {
      if (message.type === 'cancel') cancelWork(controller)
      else controller.abort()
    }
  })

  const unsubscribe = (Object.keys(events) as EventName[]).map(event =>
    source.on(event, payload => send({ type: 'event', event, payload }))
  )
  transport.onClose(() => {
    open = false
    leave()
    for (const end of unsubscribe) end()
    for (const controller of running.values()) controller.abort()
  })
}

/**
 * Calls the API at the other end of a transport. Messages it does not know are ignored.
 * @param name of the client, the same for all its connections; no other's
 */
export function connectApi(transport: Transport, name = clientName()): Client {
  const pending = new Map<number, PendingCall>()
  const listeners = new Map<string, Set<(payload: never) => void>>()
  let nextId = 1
  let open = true

  transport.onMessage(received => {
    const parsed = ServerMessage.safeParse(received)
    if (!parsed.success) return
    const message = parsed.data
    if (message.type === 'event') {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never)
      return
    }
    const call = pending.get(message.id)
    if (message.type === 'progress') call?.onProgress?.(message.progress)
    else if (message.type === 'result') call?.resolve(message.result)
    else call?.reject(thrownError(message.error))
  })
  transport.onClose(() => {
    open = false
    for (const call of pending.values()) call.reject(connectionLost())
  })

  transport.send({ type: 'hello', client: name } satisfies ClientMessage)
  return {
    call<M extends MethodName>(method: M, params: Params<M>, options: ReturningOptions<M> = {}) {
      const { signal, onProgress, onLate } = options
      if (!open) return Promise.reject(connectionLost())
      if (signal?.aborted) return Promise.reject(cancelled())
      const id = nextId++
      return new Promise<Result<M>>((resolve, reject) => {
        const giveUp = () => {
          const type = signal && isCancelled(signal) ? 'cancel' : 'abandon'
          if (open) transport.send({ type, id } satisfies ClientMessage)
          settle()
          if (onLate) pending.set(id, late(onLate))
          reject(cancelled())
        }
        const late = (tell: (result: Result<M>) => void): PendingCall => ({
          onProgress: undefined,
          resolve: result => {
            pending.delete(id)
            tell(result as Result<M>)
          },
          reject: () => pending.delete(id)
        })
        const settle = () => {
          pending.delete(id)
          signal?.removeEventListener('abort', giveUp)
        }
        pending.set(id, {
          onProgress,
          resolve: result => {
            settle()
            resolve(result as Result<M>)
          },
          reject: error => {
            settle()
            reject(error)
          }
        })
        signal?.addEventListener('abort', giveUp, { once: true })
        try {
          transport.send({ type: 'call', id, method, params } satisfies ClientMessage)
        } catch (thrown) {
          settle()
          reject(toLamellaError(thrown))
        }
      })
    },
    on(event, listener) {
      const own = (payload: never) => listener(payload)
      const ofEvent = listeners.get(event) ?? new Set()
      listeners.set(event, ofEvent.add(own))
      return () => ofEvent.delete(own)
    }
  }
}

/** Calls of one who is within the process already: params and results pass their schemas as those of others do. */
export function callsOf<N extends MethodName>(
  handlers: Pick<Handlers, N>,
  context: HandlerContext
): Calls<N> {
  return async <M extends N>(method: M, params: Params<M>) =>
    (await invoke(handlers, method, params, context)) as Result<M>
}

/** A name for a client that no other has. */
export function clientName(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
}

/** The error of every call whose connection is gone. */
export function connectionLost(): LamellaError {
  return new LamellaError(
    'disconnected',
    'The connection to the workbench was lost',
    'Try it again once the window is connected.'
  )
}

interface PendingCall {
  readonly onProgress: ((progress: Progress) => void) | undefined
  resolve(result: unknown): void
  reject(error: LamellaError): void
}

function notSaid(): LamellaError {
  return new LamellaError('invalid-argument', 'The client has not said which one it is')
}

async function invoke(
  handlers: Partial<Handlers>,
  method: string,
  received: unknown,
  context: HandlerContext
): Promise<unknown> {
  if (!Object.hasOwn(api, method) || !Object.hasOwn(handlers, method))
    throw new LamellaError('invalid-argument', `${method}: there is no such method`)
  const name = method as MethodName
  const params = parsed(name, received)
  // TypeScript cannot see that one name picks both the schema and the handler.
  const handler = handlers[name] as (params: unknown, context: HandlerContext) => Promise<unknown>
  const result = api[name].result.safeParse(await handler(params, context))
  if (!result.success)
    throw new LamellaError('internal', `${name}: result: ${firstFault(result.error)}`)
  return result.data
}

/** @throws LamellaError `invalid-argument` for what is not as the method takes it, or is nested deeper than can be looked at or told of */
function parsed(name: MethodName, received: unknown): unknown {
  try {
    const params = api[name].params.safeParse(received, { reportInput: true })
    if (params.success) return params.data
    throw new LamellaError('invalid-argument', `${name}: ${firstFault(params.error)}`)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new LamellaError('invalid-argument', `${name}: what is asked is nested too deeply`)
  }
}

function errorMessage(id: number, thrown: unknown): ServerMessage {
  return { type: 'error', id, error: plainError(toLamellaError(thrown)) }
}
