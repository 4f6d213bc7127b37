import { api } from '#common/contract/api.ts'
import type { EventName, EventPayload } from '#common/contract/api.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { ApiSource, HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { Run, Status } from '#common/contract/schemas.ts'

/** A small source of the API whose answers a test knows. */
export interface TestSource extends ApiSource {
  /** Contexts of the calls to `runs.start`, which lasts until it is cancelled or `finish` is called. */
  readonly runs: HandlerContext[]
  /** Those that are connected. */
  readonly clients: string[]
  finish(): void
  emit(status: Status): void
  /** Of those that hear of the status. */
  readonly listenerCount: number
}

export const status: Status = {
  engine: 'ready',
  engineMessage: null,
  providers: ['cpu'],
  provider: 'cpu',
  providerReason: null,
  memoryBytes: 12,
  cacheBytes: 0,
  notice: null
}

export const pattern = Float32Array.of(1, 0, 0.5, 0.5, Number.NaN, -Infinity)

/** What a test's run is of. */
export const runSource = { model: { path: '/m', fingerprint: 'f' }, input: { text: 'a' } }

const run: Run = {
  id: 'r1',
  modelId: 'm1',
  tokens: [],
  source: { ...runSource, edits: [], provider: 'cpu' },
  milliseconds: 3,
  complete: true,
  firstNonFinite: null
}

/** A handler for each method, which fails. */
export function missingHandlers(): Handlers {
  const missing = () => Promise.reject(new Error('not part of this test'))
  return Object.fromEntries(
    Object.keys(api).map(method => [method, missing])
  ) as unknown as Handlers
}

export function testSource(): TestSource {
  const runs: HandlerContext[] = []
  const clients: string[] = []
  const finishers: (() => void)[] = []
  const listeners = new Set<(payload: Status) => void>()
  const handlers: Handlers = {
    ...missingHandlers(),
    'app.info': () => Promise.resolve({ version: '1', shell: 'cli', samples: [] }),
    'workspace.load': () => Promise.resolve(null),
    'workspace.save': () => Promise.resolve(null),
    'files.list': () => Promise.reject(new TypeError('disk on fire')),
    'files.choose': () => Promise.resolve(null),
    'models.open': ({ path }) =>
      Promise.reject(
        new LamellaError('file-invalid', `${path}: no config.json`, 'Choose a model folder.')
      ),
    // A result that breaks its schema.
    'models.recent': () => Promise.resolve([{ name: 'x' } as { name: string; path: string }]),
    'text.tokenize': ({ text }) =>
      Promise.resolve(
        [...text].map((piece, i) => ({
          id: i,
          piece,
          text: piece,
          start: i,
          end: i + 1,
          special: false
        }))
      ),
    'runs.start': ({ source: { provider } }, context) => {
      runs.push(context)
      for (let done = 1; done <= 50; done++)
        context.progress({ label: `Running on ${provider}`, done, total: 50 })
      return new Promise((resolve, reject) => {
        finishers.push(() => resolve(run))
        context.signal.addEventListener('abort', () => reject(cancelled()))
      })
    },
    'runs.value': () => Promise.resolve({ shape: [1, 3, 2], data: pattern }),
    'engine.status': () => Promise.resolve(status)
  }
  return {
    handlers,
    connected: client => {
      clients.push(client)
      return () => void clients.splice(clients.indexOf(client), 1)
    },
    clients,
    runs,
    finish: () => finishers.shift()?.(),
    emit: payload => {
      for (const listener of listeners) listener(payload)
    },
    get listenerCount() {
      return listeners.size
    },
    on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) {
      // Nothing else happens here.
      if (event !== 'status') return () => undefined
      const own = listener as (payload: Status) => void
      listeners.add(own)
      return () => listeners.delete(own)
    }
  }
}
