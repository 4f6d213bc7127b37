import { paperLook, type Look } from '#common/figure/look.ts'
import { layersFigure } from '#common/figure/views/weights-by-layer.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { chosenOf } from './families.ts'
import type { ShownLayers } from './use-layer-values.ts'

/**
 * The files that numbers by layer can be saved as.
 * @param modelName what the model is called among those that are open
 * @param version of Lamella
 */
export function layersFormats(
  { model, family, statistic, result }: Omit<ShownLayers, 'values'>,
  modelName: string,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const shown = { statistic, result }
  const { what, kind, data, from, dataset } = layersFigure(
    model,
    family.name,
    { ...chosenOf(family) },
    shown,
    version
  )
  const onPaper = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  const file = `${modelName} · ${what}`
  return [
    ...figureFormats(kind, file, data, onPaper, { from, dataset }),
    ...dataFormats(file, dataset(), from)
  ]
}
