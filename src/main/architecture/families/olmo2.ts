import type { TransformerDescription } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import type { TensorTable } from '../tensor-table.ts'
import { llamaLike, withAttention, type LlamaVariations } from './llama-like.ts'

/** OLMo 2: Llama that normalises what attention and MLP give, and all queries and keys as one vector. */
export const olmo2: Family = {
  name: 'olmo2',
  modelTypes: ['olmo2'],
  describe: (config, tensors) => olmoLike(config, tensors)
}

/**
 * What OLMo 2 and 3 have in common.
 * @param reach the window of a layer
 */
export function olmoLike(
  config: ConfigReader,
  tensors: TensorTable,
  {
    reach = () => null,
    rotary
  }: Pick<LlamaVariations, 'rotary'> & { readonly reach?: (layer: number) => number | null } = {}
): TransformerDescription {
  const bias = config.boolean('attention_bias', false)
  const epsilon = config.notNegative('rms_norm_eps', 1e-5)
  return llamaLike(config, tensors, {
    defaults: {
      vocab_size: 50304,
      hidden_size: 4096,
      intermediate_size: 11008,
      num_hidden_layers: 32,
      num_attention_heads: 32
    },
    biases: { qkv: bias, output: bias, mlp: false },
    norm: (parts, module) => parts.rmsNorm(module, epsilon),
    ...(rotary && { rotary }),
    block: (block, layer, { norm }) =>
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
          },
          reach: reach(layer)
        }
      )
  })
}
