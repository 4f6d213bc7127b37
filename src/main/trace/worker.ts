/** The thread of the trace cache: stores, reads, compresses and converts the values of runs. */
import { workerData } from 'node:worker_threads'
import { checkIndex } from '#common/model/check-index.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import type { KeptTensor } from './encoding.ts'
import { createLastingStore } from './lasting-store.ts'
import type { CachePlace, CacheState, TraceCalls } from './protocol.ts'

type Put = TraceCalls['put']['argument']

/** A value that has come and is not stored yet. */
interface Waiting extends Put {
  readonly stored: (state: CacheState) => void
  readonly failed: (error: Error) => void
}

/** Nothing has come for so long once a run is over, in ms: while it goes on, all cores are its own. */
const rest = 50

/** Bytes that wait for a rest; of more some are stored meanwhile. */
const mostResting = 1e8

const store = createLastingStore(workerData as CachePlace)
const waiting = new Map<string, Waiting>()
let bytesWaiting = 0
let storing = false
let isResting = false
let untilRest: NodeJS.Timeout | undefined

const keyOf = (run: string, hook: string) => `${run} ${hook}`

/** Stores what waits, one value a turn: in between calls are answered, for somebody is looking at what they read. */
function storeInTurn(): void {
  storing = waiting.size > 0 && (isResting || bytesWaiting > mostResting)
  if (!storing) return
  storeOne()
  setImmediate(storeInTurn)
}

function storeOne(): void {
  const [[key, { run, hook, value, layout, stored, failed }]] = waiting as unknown as [
    [string, Waiting]
  ]
  try {
    store.put(run, hook, value, layout)
    stored(store.state())
  } catch (error) {
    failed(error as Error)
  }
  take(key)
}

/** Takes out what waits under a key. */
function take(key: string): Waiting | undefined {
  const taken = waiting.get(key)
  waiting.delete(key)
  bytesWaiting -= taken?.value.data.byteLength ?? 0
  return taken
}

/** Has what waits stored when its time has come. */
function awaitRest(): void {
  isResting = false
  clearTimeout(untilRest)
  untilRest = setTimeout(() => {
    isResting = true
    if (!storing) storeInTurn()
  }, rest)
  if (storing || bytesWaiting <= mostResting) return
  storing = true
  setImmediate(storeInTurn)
}

function value(run: string, hook: string, index: number | undefined): Tensor | null {
  const own = waiting.get(keyOf(run, hook))
  return own === undefined ? store.get(run, hook, index) : converted(own.value, index)
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
        ...own.map(({ hook, value: { data } }) => ({ hook, bytes: data.byteLength })),
        ...store.hooks(run).filter(({ hook }) => !names.has(hook))
      ]
    },

    put: put =>
      new Promise<CacheState>((stored, failed) => {
        const key = keyOf(put.run, put.hook)
        // The one it takes the place of is stored as it is.
        const before = take(key)
        bytesWaiting += put.value.data.byteLength
        waiting.set(key, {
          ...put,
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

/** A copy in float32: what waits is still to be stored. */
function converted({ shape, data }: KeptTensor, index: number | undefined): Tensor {
  if (index === undefined) return { shape, data: new Float32Array(data) }
  const [length = 0, ...own] = shape
  checkIndex('index', index, length)
  const size = elementCount(own)
  return { shape: own, data: new Float32Array(data.subarray(index * size, (index + 1) * size)) }
}
