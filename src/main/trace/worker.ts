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

const store = createLastingStore(workerData as CachePlace)
const waiting = new Map<string, Waiting>()
let storing = false

const keyOf = (run: string, hook: string) => `${run} ${hook}`

/** Stores what waits, one value a turn: in between calls are answered, for somebody is looking at what they read. */
function storeOne(): void {
  const [next] = waiting
  storing = next !== undefined
  if (next === undefined) return
  const [key, { run, hook, value, layout, stored, failed }] = next
  try {
    store.put(run, hook, value, layout)
    stored(store.state())
  } catch (error) {
    failed(error as Error)
  }
  waiting.delete(key)
  setImmediate(storeOne)
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
        const before = waiting.get(key)
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
        if (storing) return
        storing = true
        setImmediate(storeOne)
      }),

    clear() {
      store.clear()
      return null
    },

    close() {
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
