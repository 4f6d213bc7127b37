import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { Progress, ValueCheck } from '#common/contract/schemas.ts'
import { useClient } from './client.ts'
import { useModels } from './models.ts'
import { useTasks } from './tasks.ts'

/** How the check of a model's values stands. */
export type ValueCheckState =
  | { readonly kind: 'working'; readonly progress: Progress; readonly startedAt: number }
  | { readonly kind: 'done'; readonly result: ValueCheck }
  | { readonly kind: 'failed'; readonly error: LamellaError }

/** What reading all weights of a model found; kept as long as it is open. */
export const useValueChecks = defineStore('value-checks', () => {
  const models = useModels()
  const tasks = useTasks()
  const states = shallowRef<ReadonlyMap<string, ValueCheckState>>(new Map())
  /** The model whose check somebody asks to see. */
  const wanted = ref<string | null>(null)
  const controllers = new Map<string, AbortController>()

  /** Null where nobody has asked yet. */
  function of(modelId: string): ValueCheckState | null {
    return states.value.get(modelId) ?? null
  }

  /** Checks a model, unless that is done or under way. */
  async function start(modelId: string): Promise<void> {
    const { kind } = of(modelId) ?? {}
    if (kind === 'working' || kind === 'done') return
    const own = new AbortController()
    controllers.set(modelId, own)
    const label = 'Checking values'
    const startedAt = performance.now()
    const set = (state: ValueCheckState | null) => {
      if (controllers.get(modelId) === own) put(modelId, state)
    }
    set({ kind: 'working', progress: { label, done: 0, total: 0 }, startedAt })
    try {
      const result = await tasks.track(
        label,
        ({ signal, onProgress }) =>
          useClient().call(
            'models.checkValues',
            { modelId },
            {
              signal,
              onProgress: progress => {
                onProgress(progress)
                set({ kind: 'working', progress, startedAt })
              }
            }
          ),
        own.signal
      )
      set({ kind: 'done', result })
    } catch (thrown) {
      const error = toLamellaError(thrown)
      set(error.code === 'cancelled' ? null : { kind: 'failed', error })
    }
  }

  function cancel(modelId: string): void {
    controllers.get(modelId)?.abort()
  }

  function put(modelId: string, state: ValueCheckState | null): void {
    const next = new Map(states.value)
    if (state === null) next.delete(modelId)
    else next.set(modelId, state)
    states.value = next
  }

  watch(
    () => models.open,
    open => {
      for (const modelId of states.value.keys()) {
        if (open.some(({ id }) => id === modelId)) continue
        cancel(modelId)
        controllers.delete(modelId)
        put(modelId, null)
      }
    }
  )

  return { wanted, of, start, cancel }
})
