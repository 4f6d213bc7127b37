import type { Family } from '../family.ts'
import { rotaryOf } from '../rotary-config.ts'
import { layerTypes, reachOf } from './llama-like.ts'
import { olmoLike } from './olmo2.ts'

/** OLMo 3: OLMo 2 with a window in three of four layers, whose positions no scaling stretches. */
export const olmo3: Family = {
  name: 'olmo3',
  modelTypes: ['olmo3'],
  fields: ['sliding_window', 'layer_types'],

  describe(config, tensors) {
    const reach = reachOf(config, 'sliding_window', 4096)
    const types = layerTypes(config, layer =>
      (layer + 1) % 4 === 0 ? 'full_attention' : 'sliding_attention'
    )
    return olmoLike(config, tensors, {
      reach: layer => (types(layer) === 'sliding_attention' ? reach : null),
      // The base is never left out: what is assumed where it is has changed.
      rotary(layer, dHead) {
        const layerType = types(layer)
        const turned = rotaryOf(config, dHead, { base: NaN, layerType })
        return layerType === 'sliding_attention' ? { ...turned, scaling: { type: 'none' } } : turned
      }
    })
  }
}
