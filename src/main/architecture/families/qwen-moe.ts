import type { BlockDescription } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import type { NamedSpecs } from '../named-specs.ts'
import type { TensorTable } from '../tensor-table.ts'
import { llamaLike, reachOf, withAttention, type LlamaBlock } from './llama-like.ts'
import { expertCounts, gatedExperts } from './mixture.ts'
import { withHeadNorms, windowsFrom } from './qwen.ts'

/** Qwen 1.5 and 2 with experts, beside one that all tokens share. */
export const qwen2Moe: Family = {
  name: 'qwen2_moe',
  modelTypes: ['qwen2_moe'],

  describe(config, tensors) {
    const reach = windowsFrom(config)
    const withExperts = expertLayers(config, tensors, { width: 1408, experts: 60, chosen: 4 })
    const sharedWidth = config.width('shared_expert_intermediate_size', 5632)
    return llamaLike(config, tensors, {
      biases: { qkv: config.boolean('qkv_bias', true), output: false, mlp: false },
      defaults: { ...qwenDefaults, intermediate_size: 5632, num_attention_heads: 16 },
      block: (block, layer, { parts }) =>
        withExperts(withAttention(block, { reach: reach(layer) }), layer, parts, {
          mlp: {
            kind: 'gated',
            width: sharedWidth,
            gate: parts.linear(`layers.${layer}.mlp.shared_expert.gate_proj`, false),
            input: parts.linear(`layers.${layer}.mlp.shared_expert.up_proj`, false),
            output: parts.linear(`layers.${layer}.mlp.shared_expert.down_proj`, false),
            activation: block.mlp.activation
          },
          gate: parts.linear(`layers.${layer}.mlp.shared_expert_gate`, false)
        })
    })
  }
}

/** Qwen 3 with experts. */
export const qwen3Moe: Family = {
  name: 'qwen3_moe',
  modelTypes: ['qwen3_moe'],

  describe(config, tensors) {
    const bias = config.boolean('attention_bias', false)
    const isUsed = config.boolean('use_sliding_window', false)
    const reach = isUsed ? reachOf(config, 'sliding_window', 4096) : null
    const withExperts = expertLayers(config, tensors, { width: 768, experts: 128, chosen: 8 })
    return llamaLike(config, tensors, {
      biases: { qkv: bias, output: bias, mlp: false },
      defaults: {
        ...qwenDefaults,
        ...{ intermediate_size: 6144, num_attention_heads: 32, num_key_value_heads: 4 }
      },
      block: (block, layer, { norm, parts }) =>
        withExperts(withHeadNorms(withAttention(block, { reach }), norm), layer, parts)
    })
  }
}

/** @source transformers, `Qwen2MoeConfig` and `Qwen3MoeConfig` */
const qwenDefaults = {
  hidden_size: 2048,
  max_position_embeddings: 32768,
  num_hidden_layers: 24,
  vocab_size: 151936
}

type Shared = Extract<BlockDescription['mlp'], { kind: 'experts' }>['shared']

/** Puts experts in the place of the MLP of those layers that config.json gives them to. */
function expertLayers(
  config: ConfigReader,
  tensors: TensorTable,
  usual: { readonly width: number; readonly experts: number; readonly chosen: number }
) {
  const dense = config.numbers('mlp_only_layers') ?? []
  const every = config.width('decoder_sparse_step', 1)
  const isSparse = (layer: number) => !dense.includes(layer) && (layer + 1) % every === 0
  const width = config.width('moe_intermediate_size', usual.width)
  const normalised = config.boolean('norm_topk_prob', false)
  const { experts: count, chosen } = expertCounts(config, usual)
  const modules = { gate: 'gate_proj', input: 'up_proj', output: 'down_proj' }
  return (
    block: BlockDescription & Pick<LlamaBlock, 'mlp'>,
    layer: number,
    { tensor, linear }: NamedSpecs,
    shared: Shared = null
  ): BlockDescription => {
    if (!isSparse(layer)) return block
    const { activation } = block.mlp
    const experts = gatedExperts(tensors, tensor(`layers.${layer}.mlp.experts`), modules, {
      ...{ count, width, activation }
    })
    const router = linear(`layers.${layer}.mlp.gate`, false)
    const softmaxOver = normalised ? 'chosen' : 'all'
    return { ...block, mlp: { kind: 'experts', router, chosen, softmaxOver, experts, shared } }
  }
}
