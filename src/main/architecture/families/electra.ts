import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { namedSpecs, prefixOf } from '../named-specs.ts'
import { bertEmbedding, bertLike, bertWidths, encoderHead } from './bert-like.ts'

/** ELECTRA: BERT over a narrower embedding; a generator of tokens, or a judge of which were replaced. */
export const electra: Family = {
  name: 'electra',
  modelTypes: ['electra'],

  describe(config, tensors) {
    const parts = namedSpecs(tensors, prefixOf(tensors, 'encoder.layer.0.', ['electra.', '']))
    const outside = namedSpecs(tensors, '')
    const epsilon = config.notNegative('layer_norm_eps', 1e-12)
    const width = config.width('embedding_size', 128)
    const activation = config.choice('hidden_act', activationNames, 'gelu')
    const names = {
      embedding: parts.tensor('embeddings.word_embeddings.weight'),
      unembedding: 'generator_lm_head.weight',
      tied: true
    }
    const tokens = embeddingTensor(config, tensors, names)
    const usual = { ...bertWidths, dModel: 256, nHeads: 4, dMlp: 1024 }
    const projection =
      width === config.width('hidden_size', usual.dModel)
        ? null
        : { ...parts.linear('embeddings_project'), of: 'sum' as const }
    const embedding = { ...bertEmbedding(config, parts, tokens), width, projection }
    const description = bertLike(config, parts, embedding, usual)
    if (tensors.has('discriminator_predictions.dense.weight'))
      return {
        ...description,
        unembedding: {
          transform: { linear: outside.linear('discriminator_predictions.dense'), activation },
          output: outside.linear('discriminator_predictions.dense_prediction'),
          labels: ['replaced']
        }
      }
    return {
      ...description,
      unembedding: encoderHead(config, tensors, {
        names,
        masked: {
          transform: {
            linear: outside.linear('generator_predictions.dense'),
            width,
            activation: 'gelu',
            norm: outside.layerNorm('generator_predictions.LayerNorm', epsilon)
          },
          bias: 'generator_lm_head.bias'
        },
        sequence: {
          transform: { linear: outside.linear('classifier.dense'), activation: 'gelu' },
          output: 'classifier.out_proj'
        }
      })
    }
  }
}
