import type { Result } from '#common/contract/api.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { useClient } from './client.ts'
import type { Asked } from './results.ts'

/** The SHA-256 of each file that holds a model's tensors. */
export function fileHashesOf(model: ModelInfo): Asked<Result<'models.hash'>> {
  return {
    name: 'file-hashes',
    params: {},
    of: model.id,
    modelId: model.id,
    label: 'Hashing the files',
    load: options => useClient().call('models.hash', { modelId: model.id }, options),
    bytes: files => 200 * files.length
  }
}
