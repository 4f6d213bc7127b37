import type { Family } from '../family.ts'
import { rotaryOf } from '../rotary-config.ts'
import { layerTypes, llamaLike, reachOf } from './llama-like.ts'

/**
 * Cohere 2, as Command R7B: attention and MLP in parallel after one norm, which shifts nothing; rotary positions in the
 * layers with a window, none in those without.
 */
export const cohere2: Family = {
  name: 'cohere2',
  modelTypes: ['cohere2'],

  describe(config, tensors) {
    const bias = config.boolean('attention_bias', false)
    const epsilon = config.notNegative('layer_norm_eps', 1e-5)
    const reach = reachOf(config, 'sliding_window', 4096)
    const every = config.width('sliding_window_pattern', 4)
    const types = layerTypes(config, layer =>
      (layer + 1) % every === 0 ? 'full_attention' : 'sliding_attention'
    )
    const slides = (layer: number) => types(layer) === 'sliding_attention'
    return llamaLike(config, tensors, {
      defaults: {
        vocab_size: 256_000,
        hidden_size: 8192,
        intermediate_size: 22528,
        num_hidden_layers: 40,
        num_attention_heads: 64,
        max_position_embeddings: 8192
      },
      tied: true,
      head: { scale: config.positive('logit_scale', 0.0625) },
      biases: { qkv: bias, output: bias, mlp: false },
      norm: (parts, module) => parts.layerNorm(module, epsilon, false),
      rotary: (layer, dHead) =>
        slides(layer) ? rotaryOf(config, dHead, { pairs: 'adjacent' }) : null,
      block: ({ norms, attention, mlp }, layer) => ({
        parallel: true,
        norms: { attentionIn: norms?.attentionIn, mlpIn: norms?.attentionIn },
        attention: { ...attention, reach: slides(layer) ? reach : null },
        mlp
      })
    })
  }
}
