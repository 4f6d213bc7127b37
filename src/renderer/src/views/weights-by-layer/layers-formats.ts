import { linePlot } from '#common/figure/line-plot.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { layersDataset, layersPlot } from '#common/figure/views/weights-by-layer.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { chosenOf } from './families.ts'
import type { ShownLayers } from './use-layer-values.ts'
import { modelOrigin } from '#common/figure/views/origin.ts'

/**
 * The files that numbers by layer can be saved as.
 * @param modelName what the model is called among those that are open
 * @param version of Lamella
 */
export function layersFormats(
  { model, family, statistic, result, values }: ShownLayers,
  modelName: string,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const what = `${visibleText(family.name)} · ${statistic.words} by layer`
  const from: Provenance = {
    version,
    of: modelOrigin(model, what),
    ...{ less: null, precision: 'float32' },
    again: { view: 'weights-by-layer', params: { ...chosenOf(family), statistic: statistic.name } }
  }
  const data = layersPlot(values, statistic, `${model.name} · ${what}`)
  const numbers = layersDataset(result, statistic)
  const onPaper = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  const file = `${modelName} · ${what}`
  return [
    ...figureFormats(linePlot, file, data, onPaper, { from, dataset: () => numbers }),
    ...dataFormats(file, numbers, from)
  ]
}
