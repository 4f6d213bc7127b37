import type { Family } from '../family.ts'
import { llamaLike, reachOf, withAttention } from './llama-like.ts'

/** Mistral: Llama whose queries see a sliding window of keys. */
export const mistral: Family = {
  name: 'mistral',
  modelTypes: ['mistral'],
  fields: ['sliding_window'],

  describe(config, tensors) {
    // Null for none: where nothing is said there is one.
    const reach = reachOf(
      config,
      'sliding_window',
      config.given('sliding_window') ? undefined : 4096
    )
    return llamaLike(config, tensors, {
      defaults: {
        vocab_size: 32000,
        hidden_size: 4096,
        intermediate_size: 14336,
        num_hidden_layers: 32,
        num_attention_heads: 32,
        num_key_value_heads: 8,
        max_position_embeddings: 131_072
      },
      block: block => withAttention(block, { reach })
    })
  }
}
