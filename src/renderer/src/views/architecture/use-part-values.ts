import { computed } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import {
  coloringTensors,
  partStatistic,
  partValues,
  type PartStatistic,
  type SpaceParts
} from '#common/figure/views/architecture-space.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useResults } from '../../stores/results.ts'
import { spectrumOf, weightStatisticsOf } from '../../stores/weight-analyses.ts'
import type { ArchitectureOptions } from './architecture-options.ts'

/** The statistic that a model's parts are coloured by, computed beside the window. */
export function usePartValues(
  model: () => ModelInfo,
  parts: () => SpaceParts,
  options: ArchitectureOptions
) {
  const results = useResults()
  const statistic = computed(() => partStatistic(options.color))
  const tensors = computed(() => {
    if (statistic.value === null) return []
    const names = coloringTensors(parts(), statistic.value)
    return [...new Set(names)].filter(name => name !== null)
  })
  const asked = computed(() => {
    if (statistic.value === null || tensors.value.length === 0) return null
    const of = statistic.value.analysis === 'spectrum' ? spectrumOf : weightStatisticsOf
    return of(model(), { tensors: tensors.value })
  })
  const latest = useLatest(
    () => asked.value && { model: model().id, statistic: statistic.value! },
    async ({ statistic }, signal): Promise<PartStatistic> =>
      partValues(parts(), statistic, await results.ask(asked.value!, signal))
  )
  /** Of the statistic that is chosen, of this model; null before it is there. */
  const numbers = computed((): PartStatistic | null => {
    const own = statistic.value
    if (own === null) return null
    // Of what has no such matrix there is nothing to compute.
    if (asked.value === null) return { statistic: own, values: parts().parts.map(() => NaN) }
    return latest.current.value
  })
  return { latest, numbers, work: computed(() => results.workOf(asked.value)) }
}
