import { computed } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import {
  layerStatistics,
  layerValues,
  type LayerStatistic,
  type LayerValue
} from '#common/figure/views/weights-by-layer.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { useResults } from '../../stores/results.ts'
import { spectrumOf, weightStatisticsOf } from '../../stores/weight-analyses.ts'
import { chosenOf, familiesOf, type Family } from './families.ts'
import type { LayersOptions } from './layers-options.ts'

/** A statistic of weights as it came, layer by layer. */
export interface ShownLayers {
  readonly model: ModelInfo
  readonly family: Family
  readonly statistic: LayerStatistic
  readonly result: Dataset
  readonly values: readonly LayerValue[]
}

/** A statistic of some weights of a model in each layer. */
export function useLayerValues(model: () => ModelInfo, options: LayersOptions) {
  const results = useResults()
  const families = computed(() => familiesOf(model()))
  const family = computed(
    () =>
      families.value.find(({ name }) => name === options.of) ??
      families.value.find(isOfMatrices) ??
      families.value[0] ??
      null
  )
  /** Of what has no rows and columns there are fewer. */
  const statistics = computed(() => {
    const isMatrix = family.value === null || isOfMatrices(family.value)
    return layerStatistics.filter(
      ({ analysis, quartiles }) => isMatrix || (analysis !== 'spectrum' && !quartiles)
    )
  })
  const statistic = computed(
    () => statistics.value.find(({ name }) => name === options.statistic) ?? statistics.value[0]!
  )
  const asked = computed(() => {
    if (family.value === null) return null
    const asked = statistic.value.analysis === 'spectrum' ? spectrumOf : weightStatisticsOf
    return asked(model(), chosenOf(family.value))
  })
  const latest = useLatest(
    () =>
      asked.value && {
        ...{ model: model().id, family: family.value!.name, statistic: statistic.value }
      },
    async ({ statistic }, signal): Promise<ShownLayers> => {
      const of = { model: model(), family: family.value! }
      const result = await results.ask(asked.value!, signal)
      return { ...of, statistic, result, values: layerValues(result, statistic) }
    }
  )
  const work = computed(() => results.workOf(asked.value))
  return { families, family, statistics, statistic, latest, work }
}

function isOfMatrices(family: Family): boolean {
  return 'role' in family || family.tensors.every(({ shape }) => shape.length === 2)
}
