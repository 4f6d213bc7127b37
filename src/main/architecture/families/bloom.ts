import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import { refuseResidualAfterNorm } from './falcon.ts'

/** BLOOM: positions as linear biases of the scores, and a norm of the embedding. */
export const bloom: Family = {
  name: 'bloom',
  modelTypes: ['bloom'],
  aliases: {
    hidden_size: 'n_embed',
    n_head: 'num_attention_heads',
    n_layer: 'num_hidden_layers'
  },

  describe(config, tensors) {
    refuseResidualAfterNorm(config)
    const dModel = config.width('hidden_size', 64)
    const nHeads = config.width('n_head', 8)
    const nLayers = config.blocks('n_layer', 2)
    const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)

    const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = {
      embedding: tensor('word_embeddings.weight'),
      unembedding: 'lm_head.weight',
      tied: true
    }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: 4 * dModel,
      dVocab: config.width('vocab_size', 250880),
      nCtx: config.width('seq_length', 2048),
      causal: true,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        norm: layerNorm('word_embeddings_layernorm', epsilon)
      },
      blocks: forBlocks(nLayers, layer => ({
        norms: {
          attentionIn: layerNorm(`h.${layer}.input_layernorm`, epsilon),
          mlpIn: layerNorm(`h.${layer}.post_attention_layernorm`, epsilon)
        },
        attention: {
          projections: {
            layout: 'interleaved',
            linear: linear(`h.${layer}.self_attention.query_key_value`)
          },
          output: linear(`h.${layer}.self_attention.dense`),
          positions: { kind: 'alibi' }
        },
        mlp: {
          kind: 'plain',
          input: linear(`h.${layer}.mlp.dense_h_to_4h`),
          output: linear(`h.${layer}.mlp.dense_4h_to_h`),
          activation: 'gelu-tanh'
        }
      })),
      finalNorm: layerNorm('ln_f', epsilon),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}
