import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { mostBlocks } from '../config-reader.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import {
  bertEmbedding,
  encoderHead,
  postNormBlock,
  type PostNormModules,
  storedName
} from './bert-like.ts'

/** ALBERT: BERT whose blocks share their weights, over a narrower embedding. */
export const albert: Family = {
  name: 'albert',
  modelTypes: ['albert'],

  describe(config, tensors) {
    const prefix = prefixOf(tensors, 'encoder.albert_layer_groups.0.', ['albert.', ''])
    const parts = namedSpecs(tensors, prefix)
    const { tensor, linear } = parts
    const outside = namedSpecs(tensors, '')
    const dModel = config.width('hidden_size', 4096)
    const nHeads = config.width('num_attention_heads', 64)
    const nLayers = config.blocks('num_hidden_layers', 12)
    const groups = config.width('num_hidden_groups', 1)
    const inGroup = config.blocks('inner_group_num', 1, Math.floor(mostBlocks / nLayers))
    const width = config.width('embedding_size', 128)
    const epsilon = config.notNegative('layer_norm_eps', 1e-12)
    const activation = config.choice('hidden_act', activationNames, 'gelu_new')
    const names = {
      embedding: tensor('embeddings.word_embeddings.weight'),
      unembedding: 'predictions.decoder.weight',
      tied: true
    }
    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: config.width('intermediate_size', 16384),
      dVocab: config.width('vocab_size', 30000),
      nCtx: config.width('max_position_embeddings', 512),
      causal: false,
      embedding: {
        ...bertEmbedding(config, parts, embeddingTensor(config, tensors, names)),
        width,
        projection: { ...linear('encoder.embedding_hidden_mapping_in'), of: 'sum' }
      },
      blocks: forBlocks(nLayers * inGroup, block => {
        const group = Math.floor(Math.floor(block / inGroup) / (nLayers / groups))
        const within = `encoder.albert_layer_groups.${group}.albert_layers.${block % inGroup}`
        return postNormBlock(parts, within, { epsilon, activation }, albertModules)
      }),
      unembedding: encoderHead(config, tensors, {
        names,
        masked: {
          transform: {
            linear: outside.linear('predictions.dense'),
            width,
            activation,
            norm: outside.layerNorm('predictions.LayerNorm', epsilon)
          },
          bias: storedName(tensors, 'predictions.bias', 'predictions.decoder.bias')
        },
        sequence: {
          transform: { linear: linear('pooler'), activation: 'tanh' },
          output: 'classifier'
        }
      })
    }
  }
}

const albertModules: PostNormModules = {
  query: 'attention.query',
  key: 'attention.key',
  value: 'attention.value',
  attentionOutput: 'attention.dense',
  afterAttention: 'attention.LayerNorm',
  mlpInput: 'ffn',
  mlpOutput: 'ffn_output',
  afterMlp: 'full_layer_layer_norm'
}
