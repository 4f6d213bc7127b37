import type { TransformerDescription } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import type { NamedSpecs } from '../named-specs.ts'
import { rotaryOf } from '../rotary-config.ts'
import type { TensorTable } from '../tensor-table.ts'
import {
  layerTypes,
  llamaLike,
  reachOf,
  withAttention,
  type LlamaVariations
} from './llama-like.ts'

/** Gemma: Llama whose norms store their scale's difference from 1, with a scaled embedding, tied. */
export const gemma: Family = {
  name: 'gemma',
  modelTypes: ['gemma'],
  // Else it has Llama's tensors and fields.
  fields: ['hidden_activation'],
  describe: (config, tensors) =>
    gemmaLike(config, tensors, {
      defaults: {
        vocab_size: 256_000,
        hidden_size: 3072,
        intermediate_size: 24576,
        num_hidden_layers: 28,
        num_attention_heads: 16,
        num_key_value_heads: 16,
        max_position_embeddings: 8192
      }
    })
}

/** Gemma 2: norms before and after each half, soft caps, a window in every other layer. */
export const gemma2: Family = {
  name: 'gemma2',
  modelTypes: ['gemma2'],

  describe(config, tensors) {
    const types = layerTypes(config, layer =>
      layer % 2 === 0 ? 'sliding_attention' : 'full_attention'
    )
    const reach = reachOf(config, 'sliding_window', 4096)
    const softCap = softCapOf(config, 'attn_logit_softcapping', 50)
    return gemmaLike(config, tensors, {
      defaults: {
        vocab_size: 256_000,
        hidden_size: 2304,
        intermediate_size: 9216,
        num_hidden_layers: 26,
        num_attention_heads: 8,
        num_key_value_heads: 4,
        max_position_embeddings: 8192
      },
      head: { softCap: softCapOf(config, 'final_logit_softcapping', 30) },
      block: (block, layer, { norm }) =>
        withAttention(
          { ...block, norms: sandwich(norm) },
          {
            scale: config.positive('query_pre_attn_scalar', 256) ** -0.5,
            softCap,
            reach: types(layer) === 'sliding_attention' ? reach : null
          }
        )
    })
  }
}

/** Gemma 3, of text: Gemma 2 with normalised queries and keys for soft caps, and two bases of rotation. */
export const gemma3: Family = {
  name: 'gemma3',
  modelTypes: ['gemma3_text', 'gemma3'],

  describe(config, tensors) {
    const text = config.section('text_config') ?? config
    const every = text.width('sliding_window_pattern', text.width('_sliding_window_pattern', 6))
    const types = layerTypes(text, layer =>
      (layer + 1) % every === 0 ? 'full_attention' : 'sliding_attention'
    )
    const reach = reachOf(text, 'sliding_window', 4096)
    const softCap = softCapOf(text, 'attn_logit_softcapping', null)
    const local = { base: text.positive('rope_local_base_freq', 10000), scaled: false }
    return gemmaLike(text, tensors, {
      defaults: textDefaults,
      dHead: text.width('head_dim', 256),
      rotary: (layer, dHead) =>
        types(layer) === 'full_attention'
          ? rotaryOf(text, dHead, { base: 1e6, layerType: 'full_attention' })
          : text.section('rope_parameters') === null
            ? { kind: 'rotary', dims: dHead, base: local.base }
            : rotaryOf(text, dHead, { ...local, layerType: 'sliding_attention' }),
      block: (block, layer, { norm }) =>
        withAttention(
          { ...block, norms: sandwich(norm) },
          {
            queryKeyNorm: {
              over: 'head',
              query: norm('self_attn.q_norm'),
              key: norm('self_attn.k_norm')
            },
            scale: text.positive('query_pre_attn_scalar', 256) ** -0.5,
            softCap,
            reach: types(layer) === 'sliding_attention' ? reach : null
          }
        )
    })
  }
}

/** What the part of text of a model that also sees images leaves out. */
const textDefaults = {
  vocab_size: 262_208,
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  max_position_embeddings: 131_072
}

function gemmaLike(
  config: ConfigReader,
  tensors: TensorTable,
  variations: LlamaVariations
): TransformerDescription {
  if (config.boolean('use_bidirectional_attention', false))
    throw config.unsupported('use_bidirectional_attention')
  const bias = config.boolean('attention_bias', false)
  const epsilon = config.notNegative('rms_norm_eps', 1e-6)
  const description = llamaLike(config, tensors, {
    // Not `hidden_act`: the first release says gelu there, and was not trained with it.
    activation: ['hidden_activation', 'gelu_pytorch_tanh'],
    biases: { qkv: bias, output: bias, mlp: false },
    dHead: config.width('head_dim', 256),
    norm: (parts: NamedSpecs, module) => parts.rmsNorm(module, epsilon, 1),
    tied: true,
    head: { softCap: softCapOf(config, 'final_logit_softcapping', null) },
    ...variations
  })
  const { embedding, dModel } = description
  return { ...description, embedding: { ...embedding, scale: Math.sqrt(dModel) } }
}

function sandwich(
  norm: (module: string) => NonNullable<TransformerDescription['finalNorm']>
): TransformerDescription['blocks'][number]['norms'] {
  return {
    attentionIn: norm('input_layernorm'),
    attentionOut: norm('post_attention_layernorm'),
    mlpIn: norm('pre_feedforward_layernorm'),
    mlpOut: norm('post_feedforward_layernorm')
  }
}

/** @param usual of what is not said; null says that there is none */
function softCapOf(config: ConfigReader, field: string, usual: number | null): number | null {
  if (!config.given(field)) return usual
  return config.has(field) ? config.positive(field, NaN) : null
}
