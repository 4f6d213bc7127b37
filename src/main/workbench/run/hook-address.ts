import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import { parseHookName, type HookAddress } from '#common/model/hooks.ts'
import type { Model } from '../model/model.ts'

/**
 * The hook of a model that a name stands for.
 * @throws LamellaError `invalid-argument` when the name is no hook's, or of a layer that the model does not have
 */
export function hookAddress(model: Model, name: string): HookAddress {
  const address = parseHookName(name)
  if (address === null) throw notAHook(model, name)
  if (address.layer !== null) checkIndex('layer', address.layer, model.info.config!.nLayers, name)
  return address
}

/** The error for a name that is no hook of a model. */
export function notAHook({ info }: Model, name: string): LamellaError {
  return new LamellaError('invalid-argument', `${name}: not a hook of ${info.name}`)
}
