import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { namedSpecs, prefixOf } from '../named-specs.ts'
import {
  bertLike,
  bertWidths,
  robertaHead,
  robertaNames,
  type PostNormModules
} from './bert-like.ts'

/** MPNet: BERT without token types, with biases by relative position that all layers share. */
export const mpnet: Family = {
  name: 'mpnet',
  modelTypes: ['mpnet'],

  describe(config, tensors) {
    const parts = namedSpecs(tensors, prefixOf(tensors, 'encoder.layer.0.', ['mpnet.', '']))
    const epsilon = config.notNegative('layer_norm_eps', 1e-12)
    const names = robertaNames(parts)
    const embedding = {
      tokens: embeddingTensor(config, tensors, names),
      positions: {
        kind: 'learned' as const,
        table: parts.tensor('embeddings.position_embeddings.weight'),
        offset: padding + 1,
        padding
      },
      norm: parts.layerNorm('embeddings.LayerNorm', epsilon)
    }
    const usual = { ...bertWidths, dVocab: 30527 }
    const described = bertLike(config, parts, embedding, usual, modules)
    const positions = {
      kind: 'relative' as const,
      table: parts.tensor('encoder.relative_attention_bias.weight'),
      buckets: config.width('relative_attention_num_buckets', 32)
    }
    return {
      ...described,
      causal: false,
      blocks: described.blocks.map(block => ({
        ...block,
        attention: { ...block.attention, positions }
      })),
      unembedding: robertaHead(config, tensors, names)
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
