import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { namedSpecs, prefixOf } from '../named-specs.ts'
import { bertEmbedding, bertLike, bertWidths, robertaHead, robertaNames } from './bert-like.ts'

/** RoBERTa, XLM-RoBERTa and CamemBERT: BERT whose positions are counted from behind the padding's. */
export const roberta: Family = {
  name: 'roberta',
  modelTypes: ['roberta', 'xlm-roberta', 'camembert'],

  describe(config, tensors) {
    const parts = namedSpecs(tensors, prefixOf(tensors, 'encoder.layer.0.', ['roberta.', '']))
    const padding = config.index('pad_token_id', 1)
    const names = robertaNames(parts)
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
      unembedding: robertaHead(config, tensors, names)
    }
  }
}
