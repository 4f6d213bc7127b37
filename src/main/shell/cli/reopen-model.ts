import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { SessionModel } from '#common/contract/session.ts'
import { another } from '#common/data/difference.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { ModelRef } from '#common/model/model-ref.ts'

/** @throws LamellaError where the very model of the session is not there */
export type ReopenModel = (model: SessionModel) => Promise<ModelInfo>

/** Opens models of a session as they lie now, each once. */
export function reopening(client: Client): ReopenModel {
  const opened = new Map<SessionModel, Promise<ModelInfo>>()
  return model => {
    const opening = opened.get(model) ?? reopen(client, model)
    opened.set(model, opening)
    opening.catch(() => undefined)
    return opening
  }
}

/** The model of what a session keeps, as it knows it now. @throws LamellaError where it does not */
export function sessionModelOf(
  models: readonly SessionModel[],
  {
    model,
    modelName
  }: { readonly model: Pick<ModelRef, 'fingerprint'>; readonly modelName: string }
): SessionModel {
  const known = models.find(({ ref, formerly }) =>
    [ref.fingerprint, ...formerly].includes(model.fingerprint)
  )
  if (known === undefined)
    throw new LamellaError('not-found', `the session has no ${modelName} that it is of`)
  return known
}

async function reopen(client: Client, { name, state, ref }: SessionModel): Promise<ModelInfo> {
  if (state === 'missing') throw new LamellaError('not-found', `${name} is not there`)
  const info = await client.call('models.open', { path: ref.path })
  if (state === 'changed' || info.fingerprint !== ref.fingerprint)
    throw another(`${name} is another model now than the one of the session`)
  return info
}
