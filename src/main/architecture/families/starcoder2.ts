import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { llamaLike, reachOf } from './llama-like.ts'

/** StarCoder2: Llama with layer norms, biases, and an MLP of two layers. */
export const starcoder2: Family = {
  name: 'starcoder2',
  modelTypes: ['starcoder2'],

  describe(config, tensors) {
    const bias = config.boolean('use_bias', true)
    const epsilon = config.notNegative('norm_epsilon', 1e-5)
    const activation = config.choice('hidden_act', activationNames, 'gelu_pytorch_tanh')
    const reach = reachOf(config, 'sliding_window')
    return llamaLike(config, tensors, {
      defaults: {
        vocab_size: 49152,
        hidden_size: 3072,
        intermediate_size: 12288,
        num_hidden_layers: 30,
        num_attention_heads: 24,
        num_key_value_heads: 2,
        max_position_embeddings: 4096
      },
      tied: true,
      biases: { qkv: bias, output: bias, mlp: bias },
      norm: (parts, module) => parts.layerNorm(module, epsilon),
      block: ({ norms, attention }, layer, { parts: { linear } }) => ({
        norms,
        attention: { ...attention, reach },
        mlp: {
          kind: 'plain',
          input: linear(`layers.${layer}.mlp.c_fc`, bias),
          output: linear(`layers.${layer}.mlp.c_proj`, bias),
          activation
        }
      })
    })
  }
}
