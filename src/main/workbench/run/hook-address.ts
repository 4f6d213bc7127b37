import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import { parseHookName, type HookAddress } from '#common/model/hooks.ts'
import { hooksOf } from '../../architecture/hooks-of.ts'
import type { Model } from '../model/model.ts'

/**
 * The hook that a name stands for, of those that a model has; where its graph is its own, of those there are.
 * @throws LamellaError `invalid-argument` when it is none, or of a layer that the model does not have
 */
export function hookAddress({ info, spec }: Model, name: string): HookAddress {
  const address = parseHookName(name)
  const layer = address?.layer ?? null
  if (layer !== null) checkIndex('layer', layer, info.config!.nLayers, name)
  if (address === null || (spec !== null && !hooksOf(spec).includes(name)))
    throw new LamellaError(
      'invalid-argument',
      `${name}: not a hook of ${info.name}`,
      (name === 'logits' ? info.limits : []).join(' ')
    )
  return address
}
