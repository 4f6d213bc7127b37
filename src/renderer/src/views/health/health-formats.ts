import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { healthOrigin, layerSizesFigure } from '#common/figure/views/health-view.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/**
 * The files that a health check can be saved as: sizes by layer, where layers have some, and all numbers with the findings.
 * @param modelName what the model is called among those that are open
 * @param version of Lamella
 */
export function healthFormats(
  model: ModelInfo,
  modelName: string,
  result: Dataset,
  version: string
): ExportFormat[] {
  const figure = layerSizesFigure(model, result, version)
  const drawn =
    figure === null
      ? []
      : figureFormats(figure.kind, `${modelName} · ${figure.what}`, figure.data, plainLook, {
          ...{ from: figure.from, note: figure.what, dataset: figure.dataset }
        })
  const data = dataFormats(`${modelName} · health`, result, healthOrigin(model, version))
  return [...drawn, ...data]
}
