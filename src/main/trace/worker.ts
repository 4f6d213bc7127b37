/** The thread of the trace cache: stores, reads, compresses and converts the values of runs. */
import { workerData } from 'node:worker_threads'
import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { giveBack } from '#common/data/give-back.ts'
import { filedBytes, type FiledTensor } from '../files/filed-tensor.ts'
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import type { KeptTensor } from './encoding.ts'
import { createLastingStore } from './lasting-store.ts'
import type { CachePlace, CacheState, TraceCalls, WaitingLimits } from './protocol.ts'
import {
  createSliceMemory,
  inSlices,
  laidOut,
  readInSlices,
  type Layout,
  type SlicedTensor
} from './sliced-tensor.ts'
import { createSpool, type SpooledTensor } from './spool.ts'

type Put = TraceCalls['put']['argument']

/** A value that has come and is not stored yet. */
interface Waiting extends Omit<Put, 'value'> {
  readonly value: KeptTensor | FiledTensor | SpooledTensor
  /** Told when it takes no memory any more, but waits on the disk. A file of the engine's takes memory, too. */
  readonly spooled: () => void
  readonly stored: (state: CacheState) => void
  readonly failed: (error: Error) => void
}

/**
 * A run is over once nothing has come for so long, in ms: while it goes on, all cores are its own. Of a long text each block
 * takes longer than the least, and what it gives is waited for four times as long as for the one before.
 */
const leastRest = 50
const mostRest = 2000

const { mostInMemory, mostSpooled, ...place } = workerData as CachePlace & WaitingLimits

const store = createLastingStore(place)
const spool = createSpool()
const sliceMemory = createSliceMemory()
const waiting = new Map<string, Waiting>()
let bytesInMemory = 0
let working = false
let isResting = false
let untilRest: NodeJS.Timeout | undefined
let lastCame = -Infinity
/** How long values take to come, in ms: a block gives several at once. */
let pace = 0

const keyOf = (run: string, hook: string) => `${run} ${hook}`

/** Stores or sets aside what waits, one value a turn: in between calls are answered, for somebody is looking at what they read. */
function workInTurn(): void {
  working = waiting.size > 0 && (isResting || bytesInMemory > mostInMemory)
  if (waiting.size === 0) sliceMemory.clear()
  if (!working) return
  if (isResting || !spoolOne()) storeOne()
  setImmediate(workInTurn)
}

function storeOne(): void {
  const [[key, { run, hook, value: kept, layout, stored, failed }]] = waiting as unknown as [
    [string, Waiting]
  ]
  try {
    store.put(run, hook, sliced(kept, layout), layout)
    take(key)
    // What is left for the collector stays until a next run, for it has nothing else to do here.
    if ('data' in kept) giveBack(kept.data)
    stored(store.state())
  } catch (error) {
    take(key)
    failed(error as Error)
  }
}

/** @returns whether one was set aside: not where the disk has no room for it */
function spoolOne(): boolean {
  const found = waiting.entries().find(([, { value }]) => !('rows' in value))
  if (found === undefined || spool.bytes > mostSpooled) return false
  const [key, one] = found
  const { value, layout } = one
  try {
    waiting.set(key, { ...one, value: spool.put(sliced(value, layout), layout) })
  } catch {
    return false
  }
  bytesInMemory -= bytesOf(value)
  if ('data' in value) giveBack(value.data)
  one.spooled()
  return true
}

/** Takes out what waits under a key. */
function take(key: string): Waiting | undefined {
  const taken = waiting.get(key)
  waiting.delete(key)
  if (taken === undefined) return undefined
  if ('rows' in taken.value) spool.remove(taken.value)
  else bytesInMemory -= bytesOf(taken.value)
  return taken
}

/** How long nothing is to come until what waits is stored, once another value has come. */
function restNow(): number {
  const now = performance.now()
  const gap = now - lastCame
  lastCame = now
  pace = gap > mostRest ? 0 : Math.max(gap, pace / 2)
  return Math.min(Math.max(leastRest, 4 * pace), mostRest)
}

/** Has what waits stored when its time has come. */
function awaitRest(): void {
  isResting = false
  clearTimeout(untilRest)
  untilRest = setTimeout(() => {
    isResting = true
    if (!working) workInTurn()
  }, restNow())
  if (working || bytesInMemory <= mostInMemory) return
  working = true
  setImmediate(workInTurn)
}

/**
 * A value that waits, in the slices that it is to be stored in.
 * @throws LamellaError where one cannot be read: it is no fault of the store
 */
function sliced(value: Waiting['value'], layout: Layout): SlicedTensor {
  if ('data' in value) return inSlices(value, layout)
  const slices =
    'rows' in value ? spool.get(value, sliceMemory) : readInSlices(value, layout, sliceMemory)
  return {
    ...slices,
    slice(index) {
      try {
        return slices.slice(index)
      } catch (error) {
        throw new LamellaError('internal', `A value was lost: ${(error as Error).message}`)
      }
    }
  }
}

function value(run: string, hook: string, index: number | undefined): Tensor | null {
  const own = waiting.get(keyOf(run, hook))
  if (own === undefined) return store.get(run, hook, index)
  return converted(sliced(own.value, own.layout), own.layout, index)
}

answerCalls<TraceCalls>(
  {
    state: () => store.state(),

    get({ run, hooks, index }) {
      for (const hook of hooks) {
        const found = value(run, hook, index)
        if (found !== null) return { hook, value: found }
      }
      return null
    },

    missing: ({ run, hooks }) =>
      hooks.filter(hook => !waiting.has(keyOf(run, hook)) && !store.has(run, hook)),

    hooks({ run }) {
      const own = [...waiting.values()].filter(each => each.run === run)
      const names = new Set(own.map(({ hook }) => hook))
      return [
        ...own.map(({ hook, value }) => ({ hook, bytes: bytesOf(value) })),
        ...store.hooks(run).filter(({ hook }) => !names.has(hook))
      ]
    },

    put: (put, report) =>
      new Promise<CacheState>((stored, failed) => {
        const key = keyOf(put.run, put.hook)
        // The one it takes the place of is stored as it is.
        const before = take(key)
        before?.spooled()
        bytesInMemory += bytesOf(put.value)
        waiting.set(key, {
          ...put,
          spooled: () => report?.(1, 2),
          stored: state => {
            before?.stored(state)
            stored(state)
          },
          failed: error => {
            before?.failed(error)
            failed(error)
          }
        })
        awaitRest()
      }),

    clear() {
      store.clear()
      return null
    },

    close() {
      clearTimeout(untilRest)
      while (waiting.size > 0) storeOne()
      store.close()
      return null
    }
  },
  result => (result !== null && 'value' in result ? movable(result.value.data) : [])
)

function bytesOf(value: Waiting['value']): number {
  if ('data' in value) return value.data.byteLength
  return 'rows' in value ? value.byteLength : filedBytes(value)
}

/** A copy in float32: what waits is still to be stored. */
function converted(value: SlicedTensor, layout: Layout, index: number | undefined): Tensor {
  const { count, own } = laidOut(value.shape, layout)
  if (index === undefined) {
    const data = new Float32Array(elementCount(value.shape))
    const size = elementCount(own)
    for (let slice = 0; slice < count; slice++) data.set(value.slice(slice).data, slice * size)
    return { shape: value.shape, data }
  }
  checkIndex('index', index, value.shape[0] ?? 0)
  if (layout === 'by slice') return { shape: own, data: new Float32Array(value.slice(index).data) }
  const { shape, data } = inSlices(value.slice(0), 'by slice').slice(index)
  return { shape, data: new Float32Array(data) }
}
