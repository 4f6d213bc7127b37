import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import {
  nothing,
  type Analysis,
  type Given,
  type ModelFacts,
  type WantedWeight
} from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { collectedWeights, Embedding, wantedEmbedding } from './embedding-matrix.ts'
import { highest, meanOfRows } from './vectors.ts'
import {
  idOf,
  knownWords,
  placesOf,
  textsAmong,
  TokenName,
  withTokens,
  wordAttributes,
  wordLabels
} from './words.ts'

const DimensionParams = z.strictObject({
  /** Tokens by their ids, or texts, whose dimensions are asked for. */
  tokens: z.union([TokenName, z.array(TokenName).max(512)]).default([]),
  /** Dimensions, from 0, whose tokens are asked for: then all of the embedding is read. */
  dimensions: z.union([z.int().min(0), z.array(z.int().min(0)).max(256)]).default([]),
  /** How many of each. */
  top: z.int().min(1).max(1000).default(5),
  /** The embedding. */
  of: Embedding.default('input')
})
type DimensionParams = z.infer<typeof DimensionParams>

const ends = ['top', 'bottom'] as const
const said = { top: 'highest', bottom: 'lowest' } as const

const gives: readonly Given[] = [
  { name: 'queries', axes: ['query'], unit: '', about: 'token id; −1 of several tokens' },
  ...ends.flatMap(end => [
    {
      name: `dimensions.${end}`,
      axes: ['query', 'rank'],
      unit: '',
      about: `dimensions in which the row of a token is ${said[end]}`
    },
    {
      name: `dimensions.${end}_values`,
      axes: ['query', 'rank'],
      unit: '',
      about: 'its values there'
    }
  ]),
  { name: 'dimension', axes: ['dimension'], unit: '', about: 'the dimensions asked for' },
  ...ends.flatMap(end => [
    {
      name: `tokens.${end}`,
      axes: ['dimension', 'place'],
      unit: '',
      about: `ids of the tokens that are ${said[end]} in a dimension`
    },
    { name: `tokens.${end}_values`, axes: ['dimension', 'place'], unit: '', about: 'their values' }
  ])
]

/** Which dimensions of the embedding a token stands out in, and which tokens stand out in a dimension. */
export const dimensions: Analysis<DimensionParams> = {
  name: 'dimensions',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: false,
  params: DimensionParams,
  about: {
    what: 'Of a token the dimensions in which its row of the embedding matrix is highest and lowest; of a dimension the tokens that are highest and lowest in it.',
    formulas: ['x_i of the row x as it is; a text of several tokens: the mean of their rows'],
    sources: [],
    read: 'A dimension by itself need not mean anything: the axes of an embedding can be turned without changing what the model computes, but where a later part singles one out. Dimensions that are extreme in nearly every token tell nothing of one.',
    baseline: ''
  },
  gives,
  texts: ({ tokens }) => textsAmong([tokens].flat()),
  needs(params, model) {
    if ([params.tokens].flat().length + [params.dimensions].flat().length === 0)
      throw new LamellaError(
        'invalid-argument',
        'dimensions: neither tokens nor dimensions are asked for',
        'Give some of either.'
      )
    return { ...nothing, weights: [wanted(params, model)] }
  },

  start(params, model) {
    const { words, unknown } = knownWords([params.tokens].flat(), model)
    const asked = [params.dimensions].flat()
    const weights = collectedWeights(model)
    return {
      begin: () => undefined,
      take: weights.take,
      result() {
        const matrix = weights.of(wanted(params, model))
        const { rows, width, data } = matrix
        for (const dimension of asked) checkIndex('dimension', dimension, width)
        const places = placesOf(words)
        const vectors = words.map(({ ids }) =>
          meanOfRows(matrix, asked.length > 0 ? ids : ids.map(id => places.get(id)!))
        )
        const columns = asked.map(dimension =>
          Float64Array.from({ length: rows }, (_, row) => data[row * width + dimension]!)
        )
        const rank = Math.min(params.top, width)
        const place = Math.min(params.top, rows)
        return givenDataset(
          gives,
          {
            ...(words.length > 0 && { query: axis(wordLabels(words)), rank: axis(rank) }),
            ...(asked.length > 0 && {
              dimension: axis(asked.map(String)),
              place: axis(place)
            })
          },
          {
            ...(words.length > 0 && {
              queries: Int32Array.from(words, idOf),
              ...extremes('dimensions', vectors, rank)
            }),
            ...(asked.length > 0 && {
              dimension: Int32Array.from(asked),
              ...extremes('tokens', columns, place)
            })
          },
          wordAttributes(words, unknown)
        )
      },
      state: () => ({})
    }
  },

  described: (result, { tokens }) =>
    withTokens(
      result,
      result.axes['query'] === undefined ? null : { axis: 'query', ids: 'queries' },
      ['queries', 'tokens.top', 'tokens.bottom'],
      tokens
    )
}

/** Where each of some lists is highest and lowest, and what it is there. */
function extremes(of: 'dimensions' | 'tokens', lists: readonly Float64Array[], count: number) {
  return Object.fromEntries(
    ends.flatMap((end): [string, NumberArray][] => {
      const found = lists.map(list =>
        highest(end === 'top' ? list : list.map(value => -value), count)
      )
      const values = found.flatMap((places, i) => places.map(place => lists[i]![place]!))
      return [
        [`${of}.${end}`, Int32Array.from(found.flat())],
        [`${of}.${end}_values`, Float64Array.from(values)]
      ]
    })
  )
}

/** Of tokens alone their rows are enough. */
function wanted({ tokens, dimensions, of }: DimensionParams, model: ModelFacts): WantedWeight {
  if ([dimensions].flat().length > 0) return wantedEmbedding(of, model)
  return wantedEmbedding(of, model, [...placesOf(knownWords([tokens].flat(), model).words).keys()])
}
