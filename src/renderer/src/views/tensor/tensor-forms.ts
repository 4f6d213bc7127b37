import type { Dataset } from '#common/data/dataset.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { single } from '#common/figure/views/tensor-figures.ts'
import type { Asked } from '../../stores/results.ts'
import {
  spectrumOf,
  weightPcaOf,
  weightStatisticsOf,
  type ChosenWeights
} from '../../stores/weight-analyses.ts'
import type { Fact } from '../../ui/fact.ts'
import { componentsFacts, spectrumFacts, statisticsFacts } from './tensor-facts.ts'
import type { TensorOptions } from './tensor-options.ts'
import { componentsPlots, numberPlots, spectrumPlots, type NamedPlot } from './tensor-plots.ts'

/** A form that shows numbers of all of a tensor. */
export interface NumbersForm {
  readonly title: string
  /** What is said while it is computed. */
  readonly waiting: string
  /** It is of matrices alone. */
  readonly ofMatrix: boolean
  readonly asked: (model: ModelInfo, chosen: ChosenWeights) => Asked<Dataset>
  readonly plots: (result: Dataset, title: string | null) => NamedPlot[]
  readonly facts: (result: Dataset, text: (value: number) => string) => Fact[]
  /** Why nothing of it is defined, in a sentence; null where something is. */
  readonly undefinedWhy: (result: Dataset) => string | null
}

const notFinite = 'holds numbers that are NaN or infinite'

export const numbersForms: Readonly<Record<Exclude<TensorOptions['form'], 'map'>, NumbersForm>> = {
  numbers: {
    ...{ title: 'Statistics', waiting: 'Computing statistics', ofMatrix: false },
    ...{ asked: weightStatisticsOf, plots: numberPlots, facts: statisticsFacts },
    undefinedWhy: result =>
      Number.isNaN(single(result, 'mean')) ? `It ${notFinite}, and no others.` : null
  },
  spectrum: {
    ...{ title: 'Spectrum', waiting: 'Computing singular values', ofMatrix: true },
    ...{ asked: spectrumOf, plots: spectrumPlots, facts: spectrumFacts },
    undefinedWhy: result =>
      Number.isNaN(single(result, 'rank')) ? `It ${notFinite}: it has no singular values.` : null
  },
  components: {
    ...{ title: 'Components', waiting: 'Computing principal components', ofMatrix: true },
    ...{ asked: weightPcaOf, plots: componentsPlots, facts: componentsFacts },
    undefinedWhy(result) {
      const variance = single(result, 'variance')
      if (variance > 0) return null
      if (single(result, 'rows') === 1)
        return 'It has one row: there is nothing along which rows vary.'
      return variance === 0
        ? 'Its rows are all the same: there is nothing along which they vary.'
        : `It ${notFinite}: it has no components.`
    }
  }
}
