import type { Handlers } from '#common/contract/rpc.ts'
import type { Provider } from '#common/model/provider.ts'
import type { Status } from '#common/contract/schemas.ts'
import type { Engine } from '../engine/client.ts'
import type { TraceCache } from '../trace/cache.ts'
import type { DataFolder } from './data-folder.ts'

/** Memory is read this often while somebody listens, in ms. */
const interval = 5000

/** What changes with all that is done, bytes in memory and in the cache, is told once in this time, in ms. */
const pause = 250

/** What is known of how the workbench is doing, told to all who listen. */
export interface StatusBoard {
  readonly handlers: Pick<Handlers, 'engine.status'>
  /** Notes the provider that runs use now, and why. */
  use(provider: Provider, reason: string): void
  /** Something may have changed: memory, cache. */
  changed(): void
  /** The cache is larger or smaller. */
  cacheChanged(): void
  subscribe(listener: (status: Status) => void): () => void
  close(): void
}

export function createStatus(engine: Engine, cache: TraceCache, data: DataFolder): StatusBoard {
  const listeners = new Set<(status: Status) => void>()
  let status: Status = {
    engine: 'starting',
    engineMessage: null,
    providers: null,
    provider: null,
    providerReason: null,
    memoryBytes: process.memoryUsage.rss(),
    cacheBytes: cache.bytes,
    notice: data.notice
  }
  let engineBytes = 0
  let telling: NodeJS.Timeout | undefined
  let measuring = false
  let looked = false

  function update(change: Partial<Status>): void {
    const memoryBytes = process.memoryUsage.rss() + engineBytes
    const told = { memoryBytes, cacheBytes: cache.bytes, notice: data.notice }
    const next: Status = { ...status, ...change, ...told }
    const changed = (Object.keys(next) as (keyof Status)[]).filter(key => next[key] !== status[key])
    status = next
    if (changed.some(key => !key.endsWith('Bytes'))) tell()
    else if (changed.length > 0) telling ??= setTimeout(tell, pause).unref()
  }

  function tell(): void {
    clearTimeout(telling)
    telling = undefined
    for (const listener of listeners) listener(status)
  }

  /** Asks the engine for its providers, once; one that cannot say is asked again with the next run. */
  function tellProviders(): void {
    if (status.providers !== null) return
    engine.providers().then(
      providers => update({ providers: [...providers] }),
      () => undefined
    )
  }

  /** Asks the engine for its memory; a busy one answers when it is done, and one that does not run is not started for it. */
  function changed(): void {
    const isRunning = engine.isRunning()
    if (!isRunning) engineBytes = 0
    update({})
    if (measuring || !isRunning) return
    measuring = true
    void engine
      .memory()
      .then(bytes => (engineBytes = bytes))
      .catch(() => (engineBytes = 0))
      .finally(() => {
        measuring = false
        update({})
      })
  }

  engine.onState(state => {
    if (state.state === 'restarting') {
      engineBytes = 0
      update({ engine: 'restarting', engineMessage: state.reason })
      changed()
    } else update({ engine: state.state })
  })
  data.onNotice(() => update({}))
  const timer = setInterval(() => {
    if (listeners.size > 0) changed()
  }, interval)
  timer.unref()

  return {
    handlers: {
      'engine.status'() {
        tellProviders()
        if (!looked) void cache.look()
        looked = true
        return Promise.resolve(status)
      }
    },
    use(provider, providerReason) {
      update({ provider, providerReason })
      tellProviders()
    },
    changed,
    cacheChanged: () => update({}),
    subscribe(listener) {
      listeners.add(listener)
      // Said before anybody listened.
      if (status.notice !== null) queueMicrotask(() => listener(status))
      return () => listeners.delete(listener)
    },
    close() {
      clearInterval(timer)
      clearTimeout(telling)
    }
  }
}
