import { regionsText } from '#common/analysis/tensor-map/region-text.ts'
import { isWhole } from '#common/analysis/tensor-map/region.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { linePlot } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import { tensorMaps } from '#common/figure/views/tensor-maps.ts'
import { tensorNumbers } from '#common/figure/views/tensor-view.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { NamedPlot } from './tensor-plots.ts'
import type { ShownMaps } from './use-tensor-maps.ts'
import { modelOrigin } from '#common/figure/views/origin.ts'

/** What is saved of a tensor: whose it is, and by which version. */
export interface TensorToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly tensor: string
  readonly version: string
}

/** The files that maps of weights can be saved as: the parts that are seen, as one figure, pooled and ranged as they were asked for. */
export function mapFormats(
  saved: TensorToSave,
  { maps, whole, pooling, down, across, wholeRange }: ShownMaps,
  look: Look
): ExportFormat[] {
  const names = { model: saved.model.name, tensor: visibleText(saved.tensor) }
  const asked = { ...look, pooling, follows: look.shared === true || !wholeRange }
  const { what, dataset, ...drawing } = tensorMaps(names, whole, maps, { ...asked, ...paperLook })
  const regions = maps.map(({ region }) => region)
  const isAll = regions.length === 1 && isWhole(regions[0]!, whole)
  const told = lookParams(asked)
  const from = provenanceOf(saved, what, {
    ...{ scale: told.scale, range: told.range, pooling, cells: [down, across] },
    ...(!isAll && { parts: regionsText(regions, whole) })
  })
  const title = `${saved.modelName} · ${what}`
  return [
    { is: 'figure', title, note: '', from, dataset, ...drawing },
    ...dataFormats(title, dataset, from)
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
    from: provenanceOf(saved, of, { form }),
    dataset: () => tensorNumbers(result, form)
  }))
  return [
    ...named.flatMap(({ name, data, from, dataset }) =>
      figureFormats(linePlot, file(name), data, onPaper, {
        ...{ from, note: name.toLowerCase(), dataset }
      })
    ),
    ...dataFormats(file('numbers'), named[0]!.dataset(), named[0]!.from)
  ]
}

function provenanceOf(
  { model, tensor, version }: TensorToSave,
  of: string,
  params: Readonly<Record<string, unknown>>
): Provenance {
  return {
    version,
    of: modelOrigin(model, `Tensor ${of}`),
    ...{ less: null, precision: 'float32' },
    again: { view: 'tensor', params: { tensor, ...params } }
  }
}
