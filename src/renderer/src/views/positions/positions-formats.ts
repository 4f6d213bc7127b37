import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { linePlot } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { weightMap } from '#common/figure/weight-map.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { formsOf, mapData, plotData, withSinusoidal } from './position-figures.ts'
import type { Form } from './positions-options.ts'

/** What is saved of positions. */
export interface PositionsToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly params: Readonly<Record<string, unknown>>
  readonly own: Dataset
  /** Sines and cosines of the same size; null where they do not stand beside it. */
  readonly beside: Dataset | null
  readonly form: Form
  readonly dimensions: readonly number[]
  /** How far from zero colours go. */
  readonly reach: number
  /** How positions are told, in words. */
  readonly words: string
}

/** The form that is seen, of each side, and all numbers. */
export function positionsFormats(
  saved: PositionsToSave,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { model, modelName, params, own, beside, form, dimensions, reach, words } = saved
  const from: Provenance = {
    version,
    of: {
      ...{ model: model.name, fingerprint: model.fingerprint, input: null, edits: [] },
      ...{ provider: 'none', place: `Positions: ${words}` }
    },
    less: null,
    precision: 'float32',
    again: { analysis: 'positions', params }
  }
  const onPaper: Look = {
    ...{ ...look, ...paperLook, scale: 'linear', shared: beside !== null },
    follows: form === 'matrix',
    range: { low: -reach, high: reach }
  }
  const nCtx = model.config?.nCtx ?? 0
  const figures = (result: Dataset, of: string, note: string) => {
    const name = `${of} · positions · ${form}`
    const title = `${of} · ${form} of positions`
    return form === 'matrix' || form === 'similarity'
      ? figureFormats(weightMap, name, () => ({ ...mapData(result, form), title }), onPaper, {
          ...{ from, note }
        })
      : figureFormats(
          linePlot,
          name,
          () => ({ ...plotData(result, form, dimensions, nCtx), title }),
          onPaper,
          { from, note }
        )
  }
  const isBeside = beside !== null && formsOf(beside).includes(form)
  return [
    ...figures(own, modelName, isBeside ? 'the model’s' : ''),
    ...(isBeside ? figures(beside, 'sinusoidal', 'sinusoidal') : []),
    ...dataFormats(
      `${modelName} · positions`,
      () => (beside === null ? own : withSinusoidal(own, beside)),
      from
    )
  ]
}
