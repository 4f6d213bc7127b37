import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import { rotaryOf } from '../rotary-config.ts'
import { encoderHead } from './bert-like.ts'
import { layerTypes } from './llama-like.ts'

/** ModernBERT: an encoder with rotary positions, gated MLPs and a window in two of three layers. */
export const modernbert: Family = {
  name: 'modernbert',
  modelTypes: ['modernbert'],

  describe(config, tensors) {
    const { tensor, linear, layerNorm } = namedSpecs(
      tensors,
      prefixOf(tensors, 'layers.0.', ['model.', ''])
    )
    const outside = namedSpecs(tensors, '')
    const dModel = config.width('hidden_size', 768)
    const nHeads = config.width('num_attention_heads', 12)
    const dHead = dModel / nHeads
    const epsilon = config.notNegative('norm_eps', 1e-5)
    const shifted = config.boolean('norm_bias', false)
    const bias = config.boolean('attention_bias', false)
    const mlpBias = config.boolean('mlp_bias', false)
    const activation = config.choice('hidden_activation', activationNames, 'gelu')
    const every = config.width('global_attn_every_n_layers', 3)
    const types = layerTypes(config, layer =>
      layer % every === 0 ? 'full_attention' : 'sliding_attention'
    )
    // Half of the window lies on each side of the query.
    const reach = Math.floor(config.width('local_attention', 128) / 2)
    const bases = {
      full_attention: config.positive('global_rope_theta', 160_000),
      sliding_attention: config.positive('local_rope_theta', 10_000)
    }
    const norm = (module: string) => layerNorm(module, epsilon, shifted)
    const names = {
      embedding: tensor('embeddings.tok_embeddings.weight'),
      unembedding: 'decoder.weight',
      tied: true
    }
    const transform = {
      linear: outside.linear('head.dense', config.boolean('classifier_bias', false)),
      activation: config.choice('classifier_activation', activationNames, 'gelu'),
      norm: outside.layerNorm('head.norm', epsilon, shifted)
    }
    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead,
      dMlp: config.width('intermediate_size', 1152),
      dVocab: config.width('vocab_size', 50368),
      nCtx: config.width('max_position_embeddings', 8192),
      causal: false,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        norm: norm('embeddings.norm')
      },
      blocks: forBlocks(config.blocks('num_hidden_layers', 22), layer => {
        const local = types(layer) === 'sliding_attention'
        const layerType = local ? 'sliding_attention' : 'full_attention'
        return {
          norms: {
            // The first block reads the embedding, which is normalised already.
            attentionIn: layer === 0 ? null : norm(`layers.${layer}.attn_norm`),
            mlpIn: norm(`layers.${layer}.mlp_norm`)
          },
          attention: {
            projections: {
              layout: 'concatenated',
              linear: linear(`layers.${layer}.attn.Wqkv`, bias)
            },
            output: linear(`layers.${layer}.attn.Wo`, bias),
            positions: rotaryOf(config, dHead, { base: bases[layerType], layerType }),
            reach: local ? reach : null
          },
          mlp: {
            kind: 'gated-fused',
            gateAndInput: linear(`layers.${layer}.mlp.Wi`, mlpBias),
            output: linear(`layers.${layer}.mlp.Wo`, mlpBias),
            activation
          }
        }
      }),
      finalNorm: norm('final_norm'),
      unembedding: encoderHead(config, tensors, {
        names,
        masked: {
          transform,
          bias: config.boolean('decoder_bias', true) ? 'decoder.bias' : null
        },
        token: { transform },
        sequence: {
          from: config.choice('classifier_pooling', { cls: 'first', mean: 'mean' }, 'cls'),
          transform,
          output: 'classifier'
        }
      })
    }
  }
}
