import type { Family } from '../family.ts'
import { rotaryOf } from '../rotary-config.ts'
import { layerTypes, llamaLike, reachOf, withAttention } from './llama-like.ts'

/** SmolLM 3: Llama with no positions in every fourth layer. SmolLM 1 and 2 are Llama. */
export const smollm3: Family = {
  name: 'smollm3',
  modelTypes: ['smollm3'],
  fields: ['no_rope_layers', 'no_rope_layer_interval'],

  describe(config, tensors) {
    const attention = config.boolean('attention_bias', false)
    const mlp = config.boolean('mlp_bias', false)
    const interval = config.width('no_rope_layer_interval', 4)
    const turning = config.numbers('no_rope_layers')
    const turns = (layer: number) =>
      turning === null ? (layer + 1) % interval !== 0 : turning[layer] !== 0
    const used = config.boolean('use_sliding_window', false)
    const reach = used ? reachOf(config, 'sliding_window') : null
    const types = layerTypes(config, layer =>
      turns(layer) ? 'full_attention' : 'sliding_attention'
    )
    return llamaLike(config, tensors, {
      defaults: {
        vocab_size: 128_256,
        hidden_size: 2048,
        intermediate_size: 11008,
        num_hidden_layers: 36,
        num_attention_heads: 16,
        num_key_value_heads: 4,
        max_position_embeddings: 32768
      },
      tied: true,
      biases: { qkv: attention, output: attention, mlp },
      rotary: (layer, dHead) => (turns(layer) ? rotaryOf(config, dHead, { base: 2e6 }) : null),
      block: (block, layer) =>
        withAttention(block, { reach: types(layer) === 'sliding_attention' ? reach : null })
    })
  }
}
