import type { Family } from '../family.ts'
import { llamaLike } from './llama-like.ts'

/** Llama 1 to 3 and all that took its shape: TinyLlama, SmolLM 1 and 2, Yi, Vicuna, … */
export const llama: Family = {
  name: 'llama',
  modelTypes: ['llama'],

  describe(config, tensors) {
    const attention = config.boolean('attention_bias', false)
    const mlp = config.boolean('mlp_bias', false)
    return llamaLike(config, tensors, { biases: { qkv: attention, output: attention, mlp } })
  }
}
