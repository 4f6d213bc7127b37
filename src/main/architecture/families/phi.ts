import type { Family } from '../family.ts'
import { activationNames } from '../activations.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import { rotaryOf } from '../rotary-config.ts'

/** Phi 1, 1.5 and 2: attention and MLP in parallel after one norm, heads that turn in part. */
export const phi: Family = {
  name: 'phi',
  modelTypes: ['phi'],

  describe(config, tensors) {
    const dModel = config.width('hidden_size', 2048)
    const nHeads = config.width('num_attention_heads', 32)
    const dHead = dModel / nHeads
    const epsilon = config.notNegative('layer_norm_eps', 1e-5)
    const activation = config.choice('hidden_act', activationNames, 'gelu_new')
    const headNorms = config.boolean('qk_layernorm', false)

    const prefix = prefixOf(tensors, 'layers.0.', ['model.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = {
      embedding: tensor('embed_tokens.weight'),
      unembedding: 'lm_head.weight',
      tied: false
    }

    return {
      nHeads,
      nKeyValueHeads: config.width('num_key_value_heads', nHeads),
      dModel,
      dHead,
      dMlp: config.width('intermediate_size', 8192),
      dVocab: config.width('vocab_size', 51200),
      nCtx: config.width('max_position_embeddings', 2048),
      causal: true,
      embedding: { tokens: embeddingTensor(config, tensors, names) },
      blocks: forBlocks(config.blocks('num_hidden_layers', 24), layer => {
        const module = (name: string) => `layers.${layer}.${name}`
        const normed = layerNorm(module('input_layernorm'), epsilon)
        return {
          parallel: true,
          norms: { attentionIn: normed, mlpIn: normed },
          attention: {
            projections: {
              layout: 'separate',
              query: linear(module('self_attn.q_proj')),
              key: linear(module('self_attn.k_proj')),
              value: linear(module('self_attn.v_proj'))
            },
            output: linear(module('self_attn.dense')),
            positions: rotaryOf(config, dHead, { partial: 0.5 }),
            queryKeyNorm: headNorms
              ? {
                  over: 'head',
                  query: layerNorm(module('self_attn.q_layernorm'), epsilon),
                  key: layerNorm(module('self_attn.k_layernorm'), epsilon)
                }
              : null
          },
          mlp: {
            kind: 'plain',
            input: linear(module('mlp.fc1')),
            output: linear(module('mlp.fc2')),
            activation
          }
        }
      }),
      finalNorm: layerNorm('final_layernorm', epsilon),
      unembedding: decoderHead(config, tensors, names, { bias: 'lm_head.bias' })
    }
  }
}
