import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { againUnless, noCommand, type Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/origin.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { headName } from '../../stores/selection.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import type { ScoredHead } from './ranking.ts'
import type { RunOfModel } from './use-small-maps.ts'

/** Heads in the order of a score, and where they come from. */
interface OrderToSave {
  readonly heads: readonly ScoredHead[]
  /** In words. */
  readonly score: string
  readonly of: RunOfModel
  /** Whose scores are taken from theirs, in a difference; else null. */
  readonly less: RunOfModel | null
  /** What the model is called among those that are open. */
  readonly modelName: string
}

/**
 * The files that they can be saved as.
 * @param version of Lamella
 */
export function orderFormats(
  { heads, score, of, less, modelName }: OrderToSave,
  version: string
): ExportFormat[] {
  const what = `heads by ${score}`
  // Those that have run.
  const layers = [...new Set(heads.map(({ layer }) => layer))].sort((a, b) => a - b)
  const origin = ({ model, run }: RunOfModel) => runOrigin(model, run, what)
  const from: Provenance = {
    version,
    of: origin(of),
    less: less && origin(less),
    precision: 'float32',
    again: againUnless(
      { analysis: 'head-scores', params: { layers } },
      less && noCommand.difference
    )
  }
  const numbers = () => rankingDataset(heads, score)
  return dataFormats(`${modelName} · ${what}`, numbers, from, what)
}

/** Heads in their order, and what each scored. */
export function rankingDataset(heads: readonly ScoredHead[], score: string): Dataset {
  const axes = ['rank']
  const whole = (of: (each: ScoredHead) => number) => Int32Array.from(heads, of)
  const names = heads.map(({ layer, head }) => headName(layer, head))
  return dataset(
    { rank: axis(names) },
    {
      layer: { axes, unit: '', about: '', data: whole(({ layer }) => layer) },
      head: { axes, unit: '', about: '', data: whole(({ head }) => head) },
      score: { axes, unit: '', about: score, data: Float64Array.from(heads, ({ value }) => value) }
    }
  )
}
