import type { Family } from '../family.ts'
import { forBlocks } from '../named-specs.ts'
import { rotaryOf } from '../rotary-config.ts'
import { llamaLike } from './llama-like.ts'

/** StableLM 2 and 3B: Llama with layer norms, whose heads turn in part; parallel where it says so. */
export const stablelm: Family = {
  name: 'stablelm',
  modelTypes: ['stablelm'],

  describe(config, tensors) {
    const epsilon = config.notNegative('layer_norm_eps', 1e-5)
    const parallel = config.boolean('use_parallel_residual', false)
    const headNorms = config.boolean('qk_layernorm', false)
    const qkv = config.boolean('use_qkv_bias', false)
    const nHeads = config.width('num_attention_heads', 32)
    const nKeyValueHeads = config.width('num_key_value_heads', 32)
    return llamaLike(config, tensors, {
      defaults: {
        vocab_size: 50304,
        hidden_size: 2560,
        intermediate_size: 6912,
        num_hidden_layers: 32,
        num_attention_heads: 32,
        num_key_value_heads: 32,
        max_position_embeddings: 4096
      },
      biases: { qkv, output: false, mlp: false },
      norm: (parts, module) => parts.layerNorm(module, epsilon),
      rotary: (_, dHead) => rotaryOf(config, dHead, { partial: 0.25 }),
      block: (block, layer, { parts }) => {
        const { attentionIn, mlpIn } = block.norms!
        const everyHead = (module: string, heads: number) => ({
          kind: 'layer' as const,
          // More heads than tensors are as good as one too many: it is missing.
          scale: forBlocks(Math.min(heads, tensors.size + 1), head =>
            parts.tensor(`layers.${layer}.self_attn.${module}.norms.${head}.weight`)
          ),
          epsilon
        })
        return {
          ...block,
          parallel,
          norms: { attentionIn, mlpIn: parallel ? attentionIn : mlpIn },
          attention: {
            ...block.attention,
            queryKeyNorm: headNorms
              ? {
                  over: 'head',
                  query: everyHead('q_layernorm', nHeads),
                  key: everyHead('k_layernorm', nKeyValueHeads)
                }
              : null
          }
        }
      }
    })
  }
}
