import type { Family } from '../family.ts'
import { llamaLike, withAttention } from './llama-like.ts'

/** Granite: Llama whose embedding, scores, halves of blocks and logits each have a factor. */
export const granite: Family = {
  name: 'granite',
  modelTypes: ['granite'],
  fields: ['attention_multiplier', 'embedding_multiplier', 'logits_scaling', 'residual_multiplier'],

  describe(config, tensors) {
    const attention = config.boolean('attention_bias', false)
    const mlp = config.boolean('mlp_bias', false)
    // 1 where it is left out, not 1/√d_head.
    const scale = config.number('attention_multiplier', 1)
    const residualScale = config.number('residual_multiplier', 1)
    const description = llamaLike(config, tensors, {
      defaults: {
        vocab_size: 32000,
        hidden_size: 4096,
        intermediate_size: 11008,
        num_hidden_layers: 32,
        num_attention_heads: 32
      },
      biases: { qkv: attention, output: attention, mlp },
      head: { scale: 1 / config.positive('logits_scaling', 1) },
      block: block => ({ ...withAttention(block, { scale }), residualScale })
    })
    const embedding = {
      ...description.embedding,
      scale: config.number('embedding_multiplier', 1),
      scalesInputs: true as const
    }
    return { ...description, embedding }
  }
}
