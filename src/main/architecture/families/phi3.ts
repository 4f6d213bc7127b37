import type { Family } from '../family.ts'
import { llamaLike, reachOf } from './llama-like.ts'

/** Phi-3 and 3.5, of text: Llama with queries, keys and values in one matrix, gate and input in another. */
export const phi3: Family = {
  name: 'phi3',
  modelTypes: ['phi3'],

  describe(config, tensors) {
    const reach = reachOf(config, 'sliding_window')
    return llamaLike(config, tensors, {
      block: ({ norms, attention, mlp }, layer, { parts: { linear } }) => ({
        norms,
        attention: {
          ...attention,
          projections: {
            layout: 'concatenated',
            linear: linear(`layers.${layer}.self_attn.qkv_proj`, false)
          },
          reach
        },
        mlp: mlp && {
          kind: 'gated-fused',
          gateAndInput: linear(`layers.${layer}.mlp.gate_up_proj`, false),
          output: mlp.output,
          activation: mlp.activation
        }
      })
    })
  }
}
