import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { namedSpecs, prefixOf } from '../named-specs.ts'
import {
  bertLike,
  encoderHead,
  postNormBlock,
  storedName,
  type PostNormModules
} from './bert-like.ts'

/** MPNet: BERT without token types, with biases by relative position that all layers share. */
export const mpnet: Family = {
  name: 'mpnet',
  modelTypes: ['mpnet'],

  describe(config, tensors) {
    const parts = namedSpecs(tensors, prefixOf(tensors, 'encoder.layer.0.', ['mpnet.', '']))
    const outside = namedSpecs(tensors, '')
    const epsilon = config.notNegative('layer_norm_eps', 1e-12)
    const activation = config.choice('hidden_act', activationNames, 'gelu')
    const names = {
      embedding: parts.tensor('embeddings.word_embeddings.weight'),
      unembedding: 'lm_head.decoder.weight',
      tied: true
    }
    const described = bertLike(config, parts, {
      tokens: embeddingTensor(config, tensors, names),
      positions: {
        kind: 'learned',
        table: parts.tensor('embeddings.position_embeddings.weight'),
        offset: padding + 1,
        padding
      },
      norm: parts.layerNorm('embeddings.LayerNorm', epsilon)
    })
    const positions = {
      kind: 'relative' as const,
      table: parts.tensor('encoder.relative_attention_bias.weight'),
      buckets: config.width('relative_attention_num_buckets', 32)
    }
    return {
      ...described,
      causal: false,
      dVocab: config.width('vocab_size', 30527),
      blocks: described.blocks.map((_, layer) => {
        const style = { epsilon, activation }
        const block = postNormBlock(parts, `encoder.layer.${layer}`, style, modules)
        return { ...block, attention: { ...block.attention, positions } }
      }),
      unembedding: encoderHead(config, tensors, {
        names,
        masked: {
          transform: {
            linear: outside.linear('lm_head.dense'),
            activation: 'gelu',
            norm: outside.layerNorm('lm_head.layer_norm', epsilon)
          },
          bias: storedName(tensors, 'lm_head.bias', 'lm_head.decoder.bias')
        },
        sequence: {
          transform: { linear: outside.linear('classifier.dense'), activation: 'tanh' },
          output: 'classifier.out_proj'
        }
      })
    }
  }
}

/** The token that takes no position, whatever config.json says: its class has it written down. */
const padding = 1

const modules: PostNormModules = {
  query: 'attention.attn.q',
  key: 'attention.attn.k',
  value: 'attention.attn.v',
  attentionOutput: 'attention.attn.o',
  afterAttention: 'attention.LayerNorm',
  mlpInput: 'intermediate.dense',
  mlpOutput: 'output.dense',
  afterMlp: 'output.LayerNorm'
}
