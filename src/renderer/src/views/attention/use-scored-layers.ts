import { computed, ref, shallowRef } from 'vue'
import type { Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { headScoresOf } from '../../stores/analyses.ts'
import { missingPattern } from '../../stores/model-facts.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import { useStreaming } from '../../stores/streaming.ts'
import type { Task } from '../../stores/tasks.ts'
import type { RunOfModel } from './use-small-maps.ts'

/** The scores of every head of the layers that have run, layer after layer. */
export interface ScoredLayers {
  readonly run: Run
  /** `head-scores` of each layer. */
  readonly results: ReadonlyMap<number, Dataset>
}

/** @param of null while nothing is to be scored */
export function useScoredLayers(of: () => RunOfModel | null) {
  const results = useResults()
  const streaming = useStreaming()
  /** Those that have a pattern, and that run by themselves or have run. */
  const layers = computed(() => {
    const { model, run } = of() ?? {}
    const all = Array.from({ length: model?.config?.nLayers ?? 0 }, (_, layer) => layer)
    return all.filter(
      layer => model && run && missingPattern(model, layer) === null && streaming.mayAsk(run, layer)
    )
  })
  const done = ref(0)
  const startedAt = ref(0)
  const asked = shallowRef<Asked<Dataset> | null>(null)

  const latest = useLatest<{ run: Run; layers: readonly number[] }, ScoredLayers>(
    () => {
      const { run } = of() ?? {}
      return run ? { run, layers: layers.value } : null
    },
    async ({ run, layers }, signal) => {
      const scored = new Map<number, Dataset>()
      startedAt.value = performance.now()
      for (const layer of layers) {
        done.value = scored.size
        asked.value = headScoresOf(run, layer)
        scored.set(layer, await results.ask(asked.value, signal))
      }
      return { run, results: scored }
    }
  )
  /** Of all layers: it is as far as they are. */
  const work = computed<Task | null>(() => {
    if (!latest.pending.value) return null
    const ofLayer = results.workOf(asked.value)
    const progress = { label: 'Scoring', done: done.value, total: layers.value.length }
    // Between two layers there is no task for a moment, and nothing to cancel.
    return { id: ofLayer?.id ?? 0, progress, startedAt: startedAt.value }
  })

  return { latest, work }
}
