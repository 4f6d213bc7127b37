import type { Family } from '../family.ts'
import { llamaLike, reachOf } from './llama-like.ts'

/** Phi-3 and 3.5, of text: Llama with queries, keys and values in one matrix, gate and input in another. */
export const phi3: Family = {
  name: 'phi3',
  modelTypes: ['phi3'],

  describe(config, tensors) {
    const reach = reachOf(config, 'sliding_window')
    const epsilon = config.notNegative('rms_norm_eps', 1e-5)
    return llamaLike(config, tensors, {
      defaults: {
        vocab_size: 32064,
        hidden_size: 3072,
        intermediate_size: 8192,
        num_hidden_layers: 32,
        num_attention_heads: 32,
        max_position_embeddings: 4096
      },
      norm: (parts, module) => parts.rmsNorm(module, epsilon),
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
        mlp: {
          kind: 'gated-fused',
          gateAndInput: linear(`layers.${layer}.mlp.gate_up_proj`, false),
          output: mlp.output,
          activation: mlp.activation
        }
      })
    })
  }
}
