import type { ModelInfo } from '#common/contract/schemas.ts'
import { fileName } from '#common/text/file-name.ts'
import type { ExportFormat } from '../../stores/exports.ts'

/**
 * The files that what is known of a model can be saved as.
 * @param name what it is called among those that are open
 */
export function modelFormats(model: ModelInfo, name: string): ExportFormat[] {
  return [
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
