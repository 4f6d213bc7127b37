import type { ModelInfo } from '#common/contract/schemas.ts'
import { parametersFigure } from '#common/figure/views/parameters-view.ts'
import { fileName } from '#common/text/file-name.ts'
import { modelSummary } from '#common/text/model-summary.ts'
import type { ExportFormat } from '../../stores/exports.ts'

/**
 * The files that what is known of a model can be saved as.
 * @param name what it is called among those that are open
 * @param version of Lamella
 */
export function modelFormats(model: ModelInfo, name: string, version: string): ExportFormat[] {
  const { dataset, from, draw, heading, kept, shows } = parametersFigure(model, version)
  const title = `${name} · parameters`
  const note = 'parameters'
  return [
    ...(model.tensors.length > 0
      ? ([
          { is: 'figure', title, note, from, dataset, draw, heading, kept, shows },
          { is: 'data', title, note, from, left: [], dataset }
        ] as const)
      : []),
    {
      is: 'file',
      text: 'Text',
      note: 'every tensor by category, with totals',
      name: fileName(`${name} · summary`, 'txt'),
      content: () => Promise.resolve(new Blob([modelSummary(name, model)], { type: 'text/plain' }))
    },
    {
      is: 'file',
      text: 'JSON',
      note: 'all that is shown here',
      name: fileName(`${name} · overview`, 'json'),
      content: () =>
        Promise.resolve(new Blob([JSON.stringify(model, null, 2)], { type: 'application/json' }))
    }
  ]
}
