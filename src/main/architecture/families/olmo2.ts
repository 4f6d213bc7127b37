import type { Family } from '../family.ts'
import { llamaLike, withAttention } from './llama-like.ts'

/** OLMo 2: Llama that normalises what attention and MLP give, and all queries and keys as one vector. */
export const olmo2: Family = {
  name: 'olmo2',
  modelTypes: ['olmo2'],

  describe(config, tensors) {
    const bias = config.boolean('attention_bias', false)
    return llamaLike(config, tensors, {
      biases: { qkv: bias, output: bias, mlp: false },
      block: (block, _, { norm }) =>
        withAttention(
          {
            ...block,
            norms: {
              attentionOut: norm('post_attention_layernorm'),
              mlpOut: norm('post_feedforward_layernorm')
            }
          },
          {
            queryKeyNorm: {
              over: 'heads',
              query: norm('self_attn.q_norm'),
              key: norm('self_attn.k_norm')
            }
          }
        )
    })
  }
}
