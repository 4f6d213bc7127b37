import type { CallContext, Handlers } from '#common/contract/rpc.ts'
import { createSharedWork } from '../shared-work.ts'
import type { FileHashes } from './file-hashes.ts'
import type { Model } from './model.ts'
import type { OpenModels } from './open-models.ts'

/** SHA-256 of the files that hold the tensors of a model. */
export interface HashModel {
  readonly handlers: Pick<Handlers, 'models.hash'>
}

type HashedFile = Awaited<ReturnType<Handlers['models.hash']>>[number]

export function createHashModel(
  models: Pick<OpenModels, 'get' | 'use'>,
  hashes: FileHashes
): HashModel {
  const shared = createSharedWork<HashedFile[]>()

  async function hash({ checkpoint: { files } }: Model, context: CallContext) {
    const found = await hashes.of(files, context)
    return files.map(({ label: name, size: bytes }, i) => ({ name, bytes, sha256: found[i]! }))
  }

  return {
    handlers: {
      'models.hash'({ modelId }, context) {
        const model = models.get(modelId)
        return models.use(model, context, within =>
          shared.of(modelId, within, context => hash(model, context))
        )
      }
    }
  }
}
