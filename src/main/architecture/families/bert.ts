import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { embeddingTensor } from '../heads.ts'
import { namedSpecs, prefixOf } from '../named-specs.ts'
import { bertEmbedding, bertLike, encoderHead, storedName } from './bert-like.ts'

/** BERT: an encoder of masked tokens, with norms after each half. */
export const bert: Family = {
  name: 'bert',
  modelTypes: ['bert'],

  describe(config, tensors) {
    const parts = namedSpecs(tensors, prefixOf(tensors, 'encoder.layer.0.', ['bert.', '']))
    const outside = namedSpecs(tensors, '')
    const epsilon = config.notNegative('layer_norm_eps', 1e-12)
    const names = {
      embedding: parts.tensor('embeddings.word_embeddings.weight'),
      unembedding: 'cls.predictions.decoder.weight',
      tied: true
    }
    const tokens = embeddingTensor(config, tensors, names)
    return {
      ...bertLike(config, parts, bertEmbedding(config, parts, tokens)),
      unembedding: encoderHead(config, tensors, {
        names,
        masked: {
          transform: {
            linear: outside.linear('cls.predictions.transform.dense'),
            activation: config.choice('hidden_act', activationNames, 'gelu'),
            norm: outside.layerNorm('cls.predictions.transform.LayerNorm', epsilon)
          },
          bias: storedName(tensors, 'cls.predictions.bias', 'cls.predictions.decoder.bias')
        },
        sequence: {
          transform: { linear: parts.linear('pooler.dense'), activation: 'tanh' },
          output: 'classifier'
        }
      })
    }
  }
}
