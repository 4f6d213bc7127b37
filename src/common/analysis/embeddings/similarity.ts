import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import {
  nothing,
  type Analysis,
  type Given,
  type ModelFacts,
  type WantedWeight
} from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { collectedWeights, Embedding, wantedEmbedding } from './embedding-matrix.ts'
import { dot, meanOfRows, meanRow } from './vectors.ts'
import {
  idOf,
  knownWords,
  placesOf,
  textsAmong,
  TokenName,
  withTokens,
  wordAttributes,
  wordLabels,
  type Word
} from './words.ts'

const SimilarityParams = z.strictObject({
  /** Tokens by their ids, or texts. */
  tokens: z.array(TokenName).min(1).max(512),
  /** The embedding that their vectors are rows of. */
  of: Embedding.default('input'),
  /** Whether the mean row of the embedding is subtracted first: then all of it is read. */
  centred: z.boolean().default(false)
})
type SimilarityParams = z.infer<typeof SimilarityParams>

const pairs = (name: string, about: string): Given => ({
  name,
  axes: ['query', 'other'],
  unit: '',
  about
})

const gives: readonly Given[] = [
  { name: 'queries', axes: ['query'], unit: '', about: 'token id; −1 of several tokens' },
  pairs('similarity', 'cosine of the angle between two vectors'),
  pairs('dot', 'inner product'),
  pairs('euclidean', 'Euclidean distance')
]

/** How alike the embeddings of some words are, each with each. */
export const similarity: Analysis<SimilarityParams> = {
  name: 'similarity',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: false,
  params: SimilarityParams,
  about: {
    what: 'How alike the rows of the embedding matrix of some tokens are, each with each: as they are, or once the mean row is subtracted.',
    formulas: [
      'similarity = x · y / (‖x‖ ‖y‖), dot = x · y, euclidean = ‖x − y‖',
      'centred: x − mean row for x',
      'a text of several tokens: x = mean of their rows'
    ],
    sources: ['Mikolov et al. 2013, “Distributed Representations of Words and Phrases”'],
    read: 'Only the rows of these tokens are read, where nothing is centred. A text that the vocabulary cannot spell is left out, which the result says. The cosine of a row of zeros is NaN.',
    baseline: 'anisotropy of `embedding-pca`: the mean cosine of different rows.'
  },
  gives,
  texts: ({ tokens }) => textsAmong(tokens),
  needs: (params, model) => ({
    ...nothing,
    weights: [wanted(params, knownWords(params.tokens, model).words, model)]
  }),

  start(params, model) {
    const { words, unknown } = knownWords(params.tokens, model)
    const weights = collectedWeights(model)
    return {
      begin: () => undefined,
      take: weights.take,
      result() {
        const matrix = weights.of(wanted(params, words, model))
        const mean = params.centred ? meanRow(matrix) : null
        const rowOf = placesOf(words)
        const vectors = words.map(({ ids }) => {
          const rows = params.centred ? ids : ids.map(id => rowOf.get(id)!)
          const vector = meanOfRows(matrix, rows)
          return mean === null ? vector : vector.map((value, i) => value - mean[i]!)
        })
        const products = vectors.flatMap(a => vectors.map(b => dot(a, b)))
        const n = vectors.length
        const square = (i: number) => products[i * n + i]!
        const pairwise = (of: (product: number, a: number, b: number) => number) =>
          Float64Array.from(products, (product, at) =>
            of(product, square(Math.floor(at / n)), square(at % n))
          )
        const labels = wordLabels(words)
        return givenDataset(
          gives,
          { query: axis(labels), other: axis(labels) },
          {
            queries: Int32Array.from(words, idOf),
            similarity: pairwise((product, a, b) => product / Math.sqrt(a * b)),
            dot: Float64Array.from(products),
            euclidean: pairwise((product, a, b) => Math.sqrt(Math.max(0, a - 2 * product + b)))
          },
          wordAttributes(words, unknown)
        )
      },
      state: () => ({})
    }
  },

  async described(result, { tokens }) {
    const found = await withTokens(result, { axis: 'query', ids: 'queries' }, ['queries'], tokens)
    return { ...found, axes: { ...found.axes, other: found.axes['query']! } }
  }
}

function wanted(
  { of, centred }: SimilarityParams,
  words: readonly Word[],
  model: ModelFacts
): WantedWeight {
  return wantedEmbedding(of, model, centred ? undefined : [...placesOf(words).keys()])
}
