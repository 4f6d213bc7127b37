import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'

/** The epsilon of torch.nn.LayerNorm, which XGLM does not change. */
const epsilon = 1e-5

/** The places before that of the first position are of no position. */
const offset = 2

/** XGLM: a scaled embedding, sines and cosines for positions, norms before each half. */
export const xglm: Family = {
  name: 'xglm',
  modelTypes: ['xglm'],
  aliases: {
    d_model: 'hidden_size',
    attention_heads: 'num_attention_heads',
    num_layers: 'num_hidden_layers'
  },

  describe(config, tensors) {
    const dModel = config.width('d_model', 1024)
    const nHeads = config.width('attention_heads', 16)
    const activation = config.choice('activation_function', activationNames, 'gelu')
    if (dModel % 2 !== 0 || dModel < 4)
      throw config.invalid('d_model', 'an even number of at least 4')
    // The padding's place is blank: a position's place where it is not before them all.
    if (config.index('pad_token_id', 1) >= offset) throw config.unsupported('pad_token_id')

    const prefix = prefixOf(tensors, 'layers.0.', ['model.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = {
      embedding: tensor('embed_tokens.weight'),
      unembedding: 'lm_head.weight',
      tied: true
    }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: config.width('ffn_dim', 4096),
      dVocab: config.width('vocab_size', 256_008),
      nCtx: config.width('max_position_embeddings', 2048),
      causal: true,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        scale: config.boolean('scale_embedding', true) ? Math.sqrt(dModel) : 1,
        positions: { kind: 'sinusoidal', order: 'sines-first', offset, reachesBase: true }
      },
      blocks: forBlocks(config.blocks('num_layers', 24), layer => {
        const module = (name: string) => `layers.${layer}.${name}`
        return {
          norms: {
            attentionIn: layerNorm(module('self_attn_layer_norm'), epsilon),
            mlpIn: layerNorm(module('final_layer_norm'), epsilon)
          },
          attention: {
            projections: {
              layout: 'separate',
              query: linear(module('self_attn.q_proj')),
              key: linear(module('self_attn.k_proj')),
              value: linear(module('self_attn.v_proj'))
            },
            output: linear(module('self_attn.out_proj'))
          },
          mlp: {
            kind: 'plain',
            input: linear(module('fc1')),
            output: linear(module('fc2')),
            activation
          }
        }
      }),
      finalNorm: layerNorm('layer_norm', epsilon),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}
