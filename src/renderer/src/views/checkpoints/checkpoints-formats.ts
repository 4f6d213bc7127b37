import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import {
  checkpointsFigure,
  checkpointsOrigin,
  type ChangeStatistic
} from '#common/figure/views/checkpoints-view.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/**
 * The files that what changed can be saved as: a number by layer, the spectrum of the tensor that is chosen, and all numbers.
 * @param names what the two are called among the models that are open
 */
export function checkpointsFormats(
  models: readonly [ModelInfo, ModelInfo],
  names: readonly string[],
  { result, ranks }: { readonly result: Dataset; readonly ranks: boolean },
  {
    statistic,
    one
  }: {
    readonly statistic: ChangeStatistic['name']
    readonly one: { readonly tensor: string; readonly result: Dataset } | null
  },
  version: string
): ExportFormat[] {
  const title = names.join(' and ')
  const figures = [
    checkpointsFigure(models, result, { form: 'layers', statistic, tensor: null }, version),
    one &&
      checkpointsFigure(
        models,
        one.result,
        { form: 'spectrum', statistic: 'relative', tensor: one.tensor },
        version
      )
  ]
  const params = { values: ranks ? 16 : 0 }
  const from = checkpointsOrigin(models, version, {
    ...{ analysis: 'diff', params },
    with: models[1].name
  })
  return [
    ...figures.flatMap((figure, i) =>
      figure
        ? figureFormats(figure.kind, `${title} · ${figure.what}`, figure.data, plainLook, {
            ...{ from: figure.from, note: i === 0 ? 'by layer' : 'spectrum of the change' },
            dataset: figure.dataset
          })
        : []
    ),
    ...dataFormats(`${title} · what changed`, result, from)
  ]
}
