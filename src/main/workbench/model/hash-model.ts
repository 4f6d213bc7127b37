import type { CallContext, Handlers } from '#common/contract/rpc.ts'
import { createSharedWork } from '../analysis/shared-work.ts'
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

  async function hash({ checkpoint }: Model, context: CallContext) {
    const total = checkpoint.files.reduce((sum, { size }) => sum + size, 0)
    const found: HashedFile[] = []
    let before = 0
    for (const file of checkpoint.files) {
      const { label: name, size: bytes } = file
      const tell = (read: number) =>
        context.progress({ label: `Hashing ${name}`, done: before + read, total })
      found.push({ name, bytes, sha256: await hashes.of(file, context.signal, tell) })
      before += bytes
    }
    return found
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
