import { LamellaError } from '#common/model/errors.ts'
import { sliceOfFirstAxis, type Tensor } from '#common/model/tensor.ts'
import { closeFiled, filedBytes, type FiledTensor } from '../files/filed-tensor.ts'
import { createBacklog } from '../threads/backlog.ts'
import { copied } from '../threads/copied.ts'
import { movable } from '../threads/movable.ts'
import { startThread, type Thread } from '../threads/thread.ts'
import type { KeptTensor } from './encoding.ts'
import type { CachePlace, CacheState, TraceCalls, WaitingLimits } from './protocol.ts'
import type { Layout } from './sliced-tensor.ts'
import type { KeptHook } from './store.ts'

/**
 * What runs computed, kept between starts: bounded, the least recently used goes first. It is disposable: what is
 * damaged or gone is computed again. A thread of its own stores, compresses and converts.
 */
export interface TraceCache {
  /**
   * @param index of the first axis: of a value kept by slice, that one alone is read and decoded
   * @throws LamellaError `invalid-argument` when the axis has no such index
   */
  get(run: string, hook: string, index?: number): Promise<Tensor | null>
  /** The first of some hooks whose value is kept. */
  first(run: string, hooks: readonly string[]): Promise<FoundValue | null>
  /** Those of some hooks of which no value is kept. */
  missing(run: string, hooks: readonly string[]): Promise<readonly string[]>
  /** The hooks of a run whose values are kept, and what each takes, in bytes. */
  hooks(run: string): Promise<readonly KeptHook[]>
  /**
   * Keeps a value, which can be read at once; an array that fills its buffer leaves for good, as does a file, which is
   * closed once it is not read any more.
   * @returns a promise that waits while too much waits in memory: what is dropped instead would cost a run
   */
  put(run: string, hook: string, value: KeptTensor | FiledTensor, layout?: Layout): Promise<void>
  /**
   * Keeps a value that is still wanted.
   * @returns it in float32, or a slice of its first axis
   * @throws LamellaError `invalid-argument` when the axis has no such index
   */
  keep(
    run: string,
    hook: string,
    value: KeptTensor,
    layout?: Layout,
    index?: number
  ): Promise<Tensor>
  /** Of the values kept, as far as is known: `look` finds out. */
  readonly bytes: number
  look(): Promise<void>
  /** @throws LamellaError with the cause when the disk does not let them go */
  clear(): Promise<void>
  /** Stores what waits and ends the thread. */
  close(): Promise<void>
}

export interface FoundValue {
  readonly hook: string
  readonly value: Tensor
}

export interface TraceCacheOptions extends CachePlace, Partial<WaitingLimits> {
  /** The module that the thread runs. */
  readonly entry: string
  /** Told when the state is another, once nothing waits to be stored. */
  readonly onState?: (state: CacheState) => void
}

export function openTraceCache({
  entry,
  onState,
  mostInMemory = 1e8,
  mostSpooled = 2 ** 30,
  ...place
}: TraceCacheOptions): TraceCache {
  const given: CachePlace & WaitingLimits = { ...place, mostInMemory, mostSpooled }
  const options = { name: 'Lamella trace', does: 'keeps values', given }
  // So much more than may wait there is on its way.
  const backlog = createBacklog(1.25 * mostInMemory)
  const storing = new Set<Promise<unknown>>()
  let thread: Thread<TraceCalls> | null = null
  let state: CacheState = { bytes: 0, refusal: null }
  let closed = false

  /** Starts with the first call: commands that need no values open no file. One that stopped is started again. */
  const ask: Thread<TraceCalls>['ask'] = (call, argument, moved, report) => {
    if (closed) return Promise.reject(new LamellaError('cancelled', 'The workbench is closed'))
    if (thread === null || thread.hasStopped()) thread = startThread(entry, options)
    return thread.ask(call, argument, moved, report)
  }

  function note(next: CacheState): void {
    const changed = next.bytes !== state.bytes || next.refusal !== state.refusal
    state = next
    if (changed && storing.size === 0) onState?.(state)
  }

  /** What is not stored is computed again. */
  function store(put: TraceCalls['put']['argument']): Promise<void> {
    const { value } = put
    // An array that has left has no length any more.
    const byteLength = 'file' in value ? filedBytes(value) : value.data.byteLength
    const { promise: spooled, resolve } = Promise.withResolvers<void>()
    const stored = ask('put', put, 'data' in value ? movable(value.data) : [], () =>
      resolve()
    ).then(
      next => next,
      () => state
    )
    storing.add(stored)
    void stored.then(next => {
      storing.delete(stored)
      note(next)
    })
    const freed = Promise.race([spooled, stored])
    if ('file' in value) void freed.then(() => closeFiled(value))
    backlog.add(byteLength, freed)
    return backlog.room()
  }

  async function look(): Promise<void> {
    await ask('state', null).then(note, () => undefined)
  }

  async function get(run: string, hook: string, index?: number): Promise<Tensor | null> {
    const asked = { run, hooks: [hook], ...(index !== undefined && { index }) }
    return (await ask('get', asked).catch(noneUnlessAsked))?.value ?? null
  }

  return {
    get,
    first: (run, hooks) => ask('get', { run, hooks }).catch(noneUnlessAsked),
    missing: (run, hooks) => ask('missing', { run, hooks }).catch(() => hooks),
    hooks: run => ask('hooks', { run }).catch(() => []),
    put: (run, hook, value, layout = 'whole') => store({ run, hook, value, layout }),

    async keep(run, hook, value, layout = 'whole', index) {
      if (value.data instanceof Float32Array) {
        const own = { shape: value.shape, data: value.data }
        await store({ run, hook, value: { ...own, data: await copied(own.data) }, layout })
        return index === undefined ? own : sliceOfFirstAxis(own, index)
      }
      await store({ run, hook, value, layout })
      const kept = await get(run, hook, index)
      if (kept === null)
        throw new LamellaError('internal', `${hook}: its value was lost`, 'Ask for it again.')
      return kept
    },

    get bytes() {
      return state.bytes
    },
    look,
    async clear() {
      // The disk is tried anew: what it refuses still is told again.
      state = { ...state, refusal: null }
      try {
        await ask('clear', null)
      } finally {
        await look()
      }
    },
    async close() {
      if (closed) return
      closed = true
      if (thread === null) return
      await thread.ask('close', null).catch(() => undefined)
      await Promise.all(storing)
      thread.stop()
    }
  }
}

/** An index that there is none of is the caller's fault; of all else the value is not there. */
function noneUnlessAsked(error: unknown): null {
  if (error instanceof LamellaError && error.code === 'invalid-argument') throw error
  return null
}
