import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { namedSpecs, prefixOf } from '../named-specs.ts'
import { bertEmbedding, bertLike, bertWidths, encoderHead, storedName } from './bert-like.ts'

/** RoBERTa, XLM-RoBERTa and CamemBERT: BERT whose positions are counted from behind the padding's. */
export const roberta: Family = {
  name: 'roberta',
  modelTypes: ['roberta', 'xlm-roberta', 'camembert'],

  describe(config, tensors) {
    const parts = namedSpecs(tensors, prefixOf(tensors, 'encoder.layer.0.', ['roberta.', '']))
    const outside = namedSpecs(tensors, '')
    const epsilon = config.notNegative('layer_norm_eps', 1e-12)
    const padding = config.index('pad_token_id', 1)
    const names = {
      embedding: parts.tensor('embeddings.word_embeddings.weight'),
      unembedding: 'lm_head.decoder.weight',
      tied: true
    }
    const tokens = embeddingTensor(config, tensors, names)
    const embedding = bertEmbedding(config, parts, tokens)
    const positions = {
      kind: 'learned' as const,
      table: parts.tensor('embeddings.position_embeddings.weight'),
      offset: padding + 1,
      padding
    }
    const isFirst = (config.text('model_type') ?? 'roberta') === 'roberta'
    const usual = isFirst ? { ...bertWidths, dVocab: 50265 } : bertWidths
    return {
      ...bertLike(config, parts, { ...embedding, positions }, usual),
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
