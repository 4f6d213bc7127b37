import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { linePlot } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { weightMapOf } from '#common/figure/views/tensor-figures.ts'
import { weightMap } from '#common/figure/weight-map.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { rangeText } from './range-text.ts'
import { isWhole } from './region.ts'
import type { NamedPlot } from './tensor-plots.ts'
import type { ShownMap } from './use-tensor-map.ts'

/** What is saved of a tensor: whose it is, and by which version. */
export interface TensorToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly tensor: string
  readonly version: string
}

/** The files that a map of weights can be saved as: the part that is seen. */
export function mapFormats(
  saved: TensorToSave,
  shown: ShownMap,
  look: Omit<Look, 'range'>,
  range: Look['range']
): ExportFormat[] {
  const { region, whole, result, pooling } = shown
  const all = isWhole(region, whole)
  const part = all ? '' : ` [${rangeText(region, whole)}]`
  const of = `${visibleText(saved.tensor)}${part}`
  const from = provenanceOf(saved, of, {
    ...{ scale: look.scale, pooling },
    ...(!all && { rows: region.rows, columns: region.columns })
  })
  const data = { ...weightMapOf(result, `${saved.model.name} · ${of}`) }
  const file = `${saved.modelName} · ${of}`
  return [
    ...figureFormats(weightMap, file, data, { ...look, ...paperLook, range }, { from }),
    ...dataFormats(file, result, from)
  ]
}

/** The files that plots of a tensor can be saved as, with the numbers that they are of. */
export function plotFormats(
  saved: TensorToSave,
  plots: readonly NamedPlot[],
  result: Dataset,
  look: Omit<Look, 'range'>
): ExportFormat[] {
  const of = visibleText(saved.tensor)
  const file = (what: string) => `${saved.modelName} · ${of} · ${what.toLowerCase()}`
  const title = `${saved.model.name} · ${of}`
  const onPaper = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  const named = plots.map(({ name, form, data }) => ({
    ...{ name, data: { ...data, title: `${title} · ${name.toLowerCase()}` } },
    from: provenanceOf(saved, of, { form })
  }))
  return [
    ...named.flatMap(({ name, data, from }) =>
      figureFormats(linePlot, file(name), data, onPaper, { from, note: name.toLowerCase() })
    ),
    ...dataFormats(file('numbers'), result, named[0]!.from)
  ]
}

function provenanceOf(
  { model, tensor, version }: TensorToSave,
  of: string,
  params: Readonly<Record<string, unknown>>
): Provenance {
  return {
    version,
    of: {
      ...{ model: model.name, fingerprint: model.fingerprint, input: null, edits: [] },
      ...{ provider: 'none', place: `Tensor ${of}` }
    },
    ...{ less: null, precision: 'float32' },
    again: { view: 'tensor', params: { tensor, ...params } }
  }
}
