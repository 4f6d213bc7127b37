import type { BlockDescription } from '#common/model/spec.ts'
import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf, type NamedSpecs } from '../named-specs.ts'
import { rotaryOf } from '../rotary-config.ts'

/** Falcon: all queries over one key/value head (7B), over several (40B), or with linear biases (RW). */
export const falcon: Family = {
  name: 'falcon',
  modelTypes: ['falcon', 'RefinedWeb', 'RefinedWebModel'],
  aliases: {
    hidden_size: 'n_embed',
    num_attention_heads: 'n_head',
    num_hidden_layers: 'n_layer',
    num_kv_heads: 'n_head_kv'
  },

  describe(config, tensors) {
    refuseResidualAfterNorm(config)
    const dModel = config.width('hidden_size', 4544)
    const nHeads = config.width('num_attention_heads', 71)
    const nLayers = config.blocks('num_hidden_layers', 32)
    const dHead = dModel / nHeads
    const bias = config.boolean('bias', false)
    const grouped = config.boolean('new_decoder_architecture', false)
    const multiQuery = config.boolean('multi_query', true)
    const stated = config.width('num_kv_heads', nHeads)
    const activation = config.choice('activation', activationNames, 'gelu')

    const parts = namedSpecs(tensors, prefixOf(tensors, 'h.0.', ['transformer.', '']))
    const { tensor, linear, layerNorm } = parts
    const names = {
      embedding: tensor('word_embeddings.weight'),
      unembedding: 'lm_head.weight',
      tied: true
    }

    return {
      nHeads,
      nKeyValueHeads: grouped ? stated : multiQuery ? 1 : nHeads,
      dModel,
      dHead,
      dMlp: config.width('ffn_hidden_size', 4 * dModel),
      dVocab: config.width('vocab_size', 65024),
      nCtx: config.width('max_position_embeddings', 2048),
      causal: true,
      embedding: { tokens: embeddingTensor(config, tensors, names) },
      blocks: forBlocks(nLayers, layer => ({
        ...placedNorms(config, parts, layer),
        attention: {
          projections: {
            layout: 'interleaved',
            linear: linear(`h.${layer}.self_attention.query_key_value`, bias)
          },
          output: linear(`h.${layer}.self_attention.dense`, bias),
          // Biases are rounded, and scaled as the scores are. Twice: transformers, where it gives
          // attention patterns, adds them to the scores and once more with the mask.
          positions: config.boolean('alibi', false)
            ? { kind: 'alibi', scale: 2 * dHead ** -0.5, rounding: 'bfloat16' }
            : rotaryOf(config, dHead)
        },
        mlp: {
          kind: 'plain',
          input: linear(`h.${layer}.mlp.dense_h_to_4h`, bias),
          output: linear(`h.${layer}.mlp.dense_4h_to_h`, bias),
          activation
        }
      })),
      finalNorm: layerNorm('ln_f', config.notNegative('layer_norm_epsilon', 1e-5)),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}

/** Parallel with two norms, parallel with one, or one half after the other. */
function placedNorms(
  config: ConfigReader,
  { layerNorm }: NamedSpecs,
  layer: number
): Pick<BlockDescription, 'parallel' | 'norms'> {
  const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)
  const norm = (name: string) => layerNorm(`h.${layer}.${name}`, epsilon)
  const grouped = config.boolean('new_decoder_architecture', false)
  const parallel = grouped || config.boolean('parallel_attn', true)
  const count = config.index('num_ln_in_parallel_attn', grouped ? 2 : 1)
  if (parallel && grouped && count === 2)
    return { parallel, norms: { attentionIn: norm('ln_attn'), mlpIn: norm('ln_mlp') } }
  const first = norm('input_layernorm')
  return {
    parallel,
    norms: { attentionIn: first, mlpIn: parallel ? first : norm('post_attention_layernorm') }
  }
}

/** @throws LamellaError when the residual is what the norms give, which no published model does */
export function refuseResidualAfterNorm(config: ConfigReader): void {
  if (config.boolean('apply_residual_connection_post_layernorm', false))
    throw config.unsupported('apply_residual_connection_post_layernorm')
}
