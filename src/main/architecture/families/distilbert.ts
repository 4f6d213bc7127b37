import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import { encoderHead, postNormBlock, type PostNormModules } from './bert-like.ts'

const epsilon = 1e-12

/** DistilBERT: BERT of half as many blocks, without token types. */
export const distilbert: Family = {
  name: 'distilbert',
  modelTypes: ['distilbert'],
  aliases: { dim: 'hidden_size', n_heads: 'num_attention_heads', n_layers: 'num_hidden_layers' },

  describe(config, tensors) {
    const prefix = prefixOf(tensors, 'transformer.layer.0.', ['distilbert.', ''])
    const parts = namedSpecs(tensors, prefix)
    const { tensor, layerNorm } = parts
    const outside = namedSpecs(tensors, '')
    const dModel = config.width('dim', 768)
    const nHeads = config.width('n_heads', 12)
    const activation = config.choice('activation', activationNames, 'gelu')
    const names = {
      embedding: tensor('embeddings.word_embeddings.weight'),
      unembedding: 'vocab_projector.weight',
      tied: true
    }
    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: config.width('hidden_dim', 3072),
      dVocab: config.width('vocab_size', 30522),
      nCtx: config.width('max_position_embeddings', 512),
      causal: false,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        positions: { kind: 'learned', table: tensor('embeddings.position_embeddings.weight') },
        norm: layerNorm('embeddings.LayerNorm', epsilon)
      },
      blocks: forBlocks(config.blocks('n_layers', 6), layer => {
        const within = `transformer.layer.${layer}`
        return postNormBlock(parts, within, { epsilon, activation }, distilbertModules)
      }),
      unembedding: encoderHead(config, tensors, {
        names,
        masked: {
          transform: {
            linear: outside.linear('vocab_transform'),
            activation,
            norm: outside.layerNorm('vocab_layer_norm', epsilon)
          },
          bias: 'vocab_projector.bias'
        },
        sequence: {
          transform: { linear: outside.linear('pre_classifier'), activation: 'relu' },
          output: 'classifier'
        }
      })
    }
  }
}

const distilbertModules: PostNormModules = {
  query: 'attention.q_lin',
  key: 'attention.k_lin',
  value: 'attention.v_lin',
  attentionOutput: 'attention.out_lin',
  afterAttention: 'sa_layer_norm',
  mlpInput: 'ffn.lin1',
  mlpOutput: 'ffn.lin2',
  afterMlp: 'output_layer_norm'
}
