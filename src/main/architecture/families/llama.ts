import type { Family } from '../family.ts'
import { llamaLike } from './llama-like.ts'

/** Llama 1 to 3 and all that took its shape: TinyLlama, SmolLM 1 and 2, Yi, Vicuna, … */
export const llama: Family = {
  name: 'llama',
  modelTypes: ['llama'],

  describe(config, tensors) {
    const attention = config.boolean('attention_bias', false)
    const mlp = config.boolean('mlp_bias', false)
    return llamaLike(config, tensors, {
      defaults: {
        vocab_size: 32000,
        hidden_size: 4096,
        intermediate_size: 11008,
        num_hidden_layers: 32,
        num_attention_heads: 32
      },
      biases: { qkv: attention, output: attention, mlp }
    })
  }
}
