import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cancelled, LamellaError, toLamellaError } from '#common/model/errors.ts'
import { createExchange } from './exchange.ts'
import type { EngineHost, EngineProcess } from './host.ts'
import type {
  Carry,
  EngineCall,
  EngineCalls,
  EngineReply,
  EngineRequest,
  EngineFeeds,
  EngineTensors,
  PartSource,
  WantedOutput
} from './protocol.ts'

/** How long a cancelled call may still take before its process is replaced, in ms. */
const patience = 250

/** A process that dies this often in a row without one answer is not started again until it is needed. */
const crashesInARow = 3

export type EngineState =
  | { readonly state: 'starting' | 'ready' }
  | { readonly state: 'restarting'; readonly reason: string }

/** The engine: parts that run graphs in a process of their own, replaced when it dies or will not stop. */
export interface Engine {
  /**
   * Runs a part, loading it first when the present process has none of that name.
   * @throws LamellaError `engine-failed` when the runtime refuses or the process dies; `cancelled`
   */
  run(
    part: string,
    source: () => Promise<PartSource>,
    feeds: EngineFeeds,
    outputs: readonly WantedOutput[],
    signal?: AbortSignal,
    carry?: Carry
  ): Promise<EngineTensors>
  /** What the weights of all parts together may take, in bytes; one part may always be loaded. */
  setBudget(bytes: number): void
  /** Drops a part; nothing happens when there is none of that name. */
  release(part: string): Promise<void>
  /** Names of the parts that are loaded. */
  parts(): readonly string[]
  providers(): Promise<EngineCalls['providers']['result']>
  memory(): Promise<number>
  onState(listener: (state: EngineState) => void): void
  close(): void
}

interface LoadedPart {
  readonly group: string
  readonly residentBytes: number
  readonly loading: Promise<unknown>
}

interface Pending {
  resolve(result: unknown): void
  reject(error: LamellaError): void
}

export function createEngine(host: EngineHost): Engine {
  const listeners: ((state: EngineState) => void)[] = []
  const pending = new Map<number, Pending>()
  const exchange = createExchange(join(tmpdir(), `lamella-engine-${randomUUID()}`))
  /** Parts of the present process, the one used last at the end. */
  const loaded = new Map<string, LoadedPart>()
  let budget = Infinity
  let process: EngineProcess | null = null
  let nextId = 0
  let crashes = 0
  let closed = false

  function start(): EngineProcess {
    exchange.open()
    const started = host.spawn(exchange.folder)
    process = started
    started.onMessage(message => {
      if (process !== started) return
      crashes = 0
      settle(message as EngineReply)
    })
    started.onExit(reason => {
      if (process === started) replace(engineFailed(`The engine stopped (${reason})`))
    })
    return started
  }

  function settle(reply: EngineReply): void {
    const call = pending.get(reply.id)
    pending.delete(reply.id)
    if ('error' in reply) call?.reject(engineFailed(reply.error))
    else call?.resolve(reply.result)
    tell({ state: 'ready' })
  }

  /** Ends the present process; its calls fail with the error and a fresh one takes its place. */
  function replace(error: LamellaError): void {
    const old = process
    process = null
    loaded.clear()
    const calls = [...pending.values()]
    pending.clear()
    old?.kill()
    for (const call of calls) call.reject(error)
    if (closed) return
    tell({ state: 'restarting', reason: error.message })
    crashes += 1
    if (crashes >= crashesInARow) return
    // Starts the new process, where who was told has not; its first answer says that it is ready.
    ask('memory', null).catch(() => undefined)
  }

  function tell(state: EngineState): void {
    for (const listener of listeners) listener(state)
  }

  /** @param read takes a result in, also one that came after its call was cancelled */
  function ask<C extends EngineCall, R = EngineCalls[C]['result']>(
    call: C,
    argument: EngineCalls[C]['argument'],
    signal?: AbortSignal,
    read = (result: EngineCalls[C]['result']) => result as R
  ): Promise<R> {
    if (closed) return Promise.reject(engineFailed('The engine is closed'))
    if (signal?.aborted) return Promise.reject(cancelled())
    const target = process ?? start()
    const id = nextId++
    const result = new Promise<unknown>((resolve, reject) => {
      pending.set(id, { resolve, reject })
      target.send({ id, call, argument } satisfies EngineRequest)
    }).then(result => read(result as EngineCalls[C]['result']))
    const whenCancelled = new Promise<never>((_, reject) => {
      const abort = () => {
        reject(cancelled())
        setTimeout(() => {
          if (pending.has(id)) replace(cancelled())
        }, patience)
      }
      signal?.addEventListener('abort', abort, { once: true })
      const forget = () => signal?.removeEventListener('abort', abort)
      result.then(forget, forget)
    })
    return Promise.race([result, whenCancelled])
  }

  function load(
    part: string,
    source: () => Promise<PartSource>,
    signal?: AbortSignal
  ): Promise<unknown> {
    const present = loaded.get(part)
    if (present !== undefined) {
      loaded.delete(part)
      loaded.set(part, present)
      return present.loading
    }
    const loading = source().then(async built => {
      const leaving = inTheWay(part, built)
      const { group, residentBytes } = built
      loaded.set(part, { group, residentBytes, loading })
      await Promise.all(leaving.map(name => release(name)))
      return ask('load', { part, ...built }, signal)
    })
    loaded.set(part, { group: '', residentBytes: 0, loading })
    loading.catch(() => {
      if (loaded.get(part)?.loading === loading) loaded.delete(part)
    })
    return loading
  }

  /**
   * Parts to drop so that another fits into the budget. Of other models the one unused longest goes first;
   * of the same model the one used last: a run takes its blocks in turn, so that one is wanted again last.
   */
  function inTheWay(part: string, { group, residentBytes }: PartSource): string[] {
    const parts = [...loaded].filter(([name]) => name !== part)
    const order = [
      ...parts.filter(([, other]) => other.group !== group),
      ...parts.filter(([, other]) => other.group === group).toReversed()
    ]
    let excess = residentBytes - budget
    for (const [, other] of parts) excess += other.residentBytes
    const names: string[] = []
    for (const [name, other] of order) {
      if (excess <= 0) break
      names.push(name)
      excess -= other.residentBytes
    }
    return names
  }

  async function release(part: string): Promise<void> {
    if (loaded.delete(part)) await ask('release', { part })
  }

  function sent(feeds: EngineFeeds): EngineCalls['run']['argument']['feeds'] {
    return Object.fromEntries(
      Object.entries(feeds).map(([name, feed]) => [
        name,
        'carried' in feed ? feed : exchange.send(feed)
      ])
    )
  }

  function received(results: EngineCalls['run']['result']): EngineTensors {
    return Object.fromEntries(
      Object.entries(results).map(([name, result]) => [name, exchange.receive(result)])
    )
  }

  return {
    async run(part, source, feeds, outputs, signal, carry) {
      for (;;) {
        try {
          await load(part, source, signal)
          const argument = { part, feeds: sent(feeds), outputs, ...(carry && { carry }) }
          return await ask('run', argument, signal, received)
        } catch (error) {
          // Somebody else's cancelling replaced the process under this call: it starts again.
          const othersCancel = toLamellaError(error).code === 'cancelled' && !signal?.aborted
          if (!othersCancel) throw error
        }
      }
    },
    setBudget: bytes => (budget = bytes),
    release,
    parts: () => [...loaded.keys()],
    providers: () => ask('providers', null),
    memory: () => ask('memory', null),
    onState: listener => listeners.push(listener),
    close() {
      closed = true
      replace(engineFailed('The engine is closed'))
      exchange.close()
    }
  }
}

function engineFailed(message: string): LamellaError {
  return new LamellaError('engine-failed', message)
}
