import { z } from 'zod'
import { LamellaError } from '#common/model/errors.ts'
import type { Handlers } from '#common/contract/rpc.ts'
import type { Token } from '#common/model/token.ts'
import type { Engine } from '../../engine/client.ts'
import type { Descriptions } from './descriptions.ts'
import { openModel, type Model } from './model.ts'
import { isPartOf } from '../run/parts.ts'
import { stored } from '../stored.ts'
import { checkValues } from './value-check.ts'

const mostRecent = 20

const Recent = z.array(z.object({ name: z.string(), path: z.string() }))

/** The models that are open, and those that were. */
export interface OpenModels {
  readonly handlers: Pick<
    Handlers,
    'models.open' | 'models.checkValues' | 'models.close' | 'models.recent' | 'text.tokenize'
  >
  /** @throws LamellaError `not-found` */
  get(modelId: string): Model
}

export function createOpenModels(
  engine: Engine,
  recentFile: string,
  descriptions: Descriptions
): OpenModels {
  const open = new Map<string, Model>()
  const recent = stored(recentFile, Recent, [])

  function get(modelId: string): Model {
    const model = open.get(modelId)
    if (model === undefined)
      throw new LamellaError('not-found', 'This model is not open', 'Open the model again.')
    return model
  }

  return {
    get,
    handlers: {
      async 'models.open'({ path }, { signal }) {
        const found = await openModel(path, signal, descriptions)
        const model = open.get(found.info.id) ?? found
        open.set(model.info.id, model)
        const { name } = model.info
        const others = (await recent.read()).filter(entry => entry.path !== model.info.path)
        await recent.write([{ name, path: model.info.path }, ...others].slice(0, mostRecent))
        return model.info
      },
      'models.checkValues': ({ modelId }, context) => checkValues(get(modelId), context),
      async 'models.close'({ modelId }) {
        const model = get(modelId)
        open.delete(modelId)
        const parts = engine.parts().filter(part => isPartOf(model, part))
        await Promise.all(parts.map(part => engine.release(part)))
        return null
      },
      'models.recent': () => recent.read(),
      'text.tokenize': ({ modelId, text }, { signal }) => tokenize(get(modelId), text, signal)
    }
  }
}

/** @throws LamellaError `unsupported` when the model has no tokenizer that can be used */
export async function tokenize(
  { tokenizer, info }: Model,
  text: string,
  signal: AbortSignal
): Promise<Token[]> {
  if (tokenizer !== null) return tokenizer.encode(text, { signal })
  const reason = info.notTokenizable ?? 'no tokenizer'
  throw new LamellaError('unsupported', reason, 'Run the model on token ids instead.')
}
