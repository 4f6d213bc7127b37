/** The thread of the trace cache: stores, reads, compresses and converts the values of runs. */
import { workerData } from 'node:worker_threads'
import { checkIndex } from '#common/model/check-index.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { giveBack } from '#common/data/give-back.ts'
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import type { KeptTensor } from './encoding.ts'
import { createLastingStore } from './lasting-store.ts'
import type { CachePlace, CacheState, TraceCalls, WaitingLimits } from './protocol.ts'
import { createSpool, type SpooledTensor } from './spool.ts'

type Put = TraceCalls['put']['argument']

/** A value that has come and is not stored yet. */
interface Waiting extends Omit<Put, 'value'> {
  readonly value: KeptTensor | SpooledTensor
  /** Told when it takes no memory any more, but waits on the disk. */
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
  if (!working) return
  if (isResting || !spoolOne()) storeOne()
  setImmediate(workInTurn)
}

function storeOne(): void {
  const [[key, { run, hook, value: kept, layout, stored, failed }]] = waiting as unknown as [
    [string, Waiting]
  ]
  try {
    const value = inMemory(kept)
    store.put(run, hook, value, layout)
    take(key)
    // What is left for the collector stays until a next run, for it has nothing else to do here.
    giveBack(value.data)
    stored(store.state())
  } catch (error) {
    take(key)
    failed(error as Error)
  }
}

/** @returns whether one was set aside: not where the disk has no room for it */
function spoolOne(): boolean {
  const found = waiting.entries().find(([, { value }]) => 'data' in value)
  if (found === undefined || spool.bytes > mostSpooled) return false
  const [key, one] = found
  const value = one.value as KeptTensor
  try {
    waiting.set(key, { ...one, value: spool.put(value) })
  } catch {
    return false
  }
  bytesInMemory -= value.data.byteLength
  giveBack(value.data)
  one.spooled()
  return true
}

/** Takes out what waits under a key. */
function take(key: string): Waiting | undefined {
  const taken = waiting.get(key)
  waiting.delete(key)
  if (taken === undefined) return undefined
  if ('data' in taken.value) bytesInMemory -= taken.value.data.byteLength
  else spool.remove(taken.value)
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

function inMemory(value: Waiting['value']): KeptTensor {
  return 'data' in value ? value : spool.get(value)
}

function value(run: string, hook: string, index: number | undefined): Tensor | null {
  const own = waiting.get(keyOf(run, hook))
  return own === undefined ? store.get(run, hook, index) : converted(inMemory(own.value), index)
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
        bytesInMemory += put.value.data.byteLength
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
  return 'data' in value ? value.data.byteLength : value.byteLength
}

/** A copy in float32: what waits is still to be stored. */
function converted({ shape, data }: KeptTensor, index: number | undefined): Tensor {
  if (index === undefined) return { shape, data: new Float32Array(data) }
  const [length = 0, ...own] = shape
  checkIndex('index', index, length)
  const size = elementCount(own)
  return { shape: own, data: new Float32Array(data.subarray(index * size, (index + 1) * size)) }
}
