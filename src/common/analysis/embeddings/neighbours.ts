import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { collectedWeights, Embedding, wantedEmbedding, type Matrix } from './embedding-matrix.ts'
import { dot, highest, meanOfRows, meanRow, rowProducts } from './vectors.ts'
import {
  idOf,
  knownWords,
  textsAmong,
  TokenName,
  withTokens,
  wordAttributes,
  wordLabels,
  type Word
} from './words.ts'

const NeighbourParams = z.strictObject({
  /** Tokens by their ids, or texts, such as " happy". */
  tokens: z.union([TokenName, z.array(TokenName).min(1).max(64)]),
  /** How many neighbours of each. */
  top: z.int().min(1).max(1000).default(10),
  /** The embedding that their vectors are rows of. */
  of: Embedding.default('input'),
  /** The embedding whose rows are their neighbours; the same when left out. */
  among: Embedding.nullable().default(null)
})
type NeighbourParams = z.infer<typeof NeighbourParams>

/** How near two vectors are, and whether a high number is near. */
const measures = {
  cosine: 'cosine of the angle between rows as they are',
  centred: 'the same once each embedding’s mean row is subtracted',
  dot: 'inner product',
  euclidean: 'Euclidean distance'
} as const
type Measure = keyof typeof measures
const names = Object.keys(measures) as Measure[]

const gives: readonly Given[] = [
  { name: 'queries', axes: ['query'], unit: '', about: 'token id; −1 of several tokens' },
  ...names.flatMap(name => [
    {
      name: `${name}.ids`,
      axes: ['query', 'neighbour'],
      unit: '',
      about: `token ids, the nearest first, by ${measures[name]}`
    },
    { name: `${name}.values`, axes: ['query', 'neighbour'], unit: '', about: measures[name] }
  ])
]

/** The tokens whose embeddings are nearest to those of others. */
export const neighbours: Analysis<NeighbourParams> = {
  name: 'neighbours',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: true,
  params: NeighbourParams,
  about: {
    what: 'The tokens whose rows of the embedding matrix are nearest to that of a token, by cosine, by cosine once the mean row is subtracted, by inner product and by distance; in the input embedding, in the output one, or from one to the other.',
    formulas: [
      'cosine = x · y / (‖x‖ ‖y‖)',
      'centred: x − mean row of its embedding, y − mean row of its own',
      'dot = x · y; euclidean = ‖x − y‖',
      'a text of several tokens: x = mean of their rows'
    ],
    sources: [
      'Mikolov et al. 2013, “Distributed Representations of Words and Phrases”',
      'Mu & Viswanath 2018, “All-but-the-Top”: the mean is what all rows share'
    ],
    read: 'The token itself is left out where both embeddings are the same. Raw cosines are high all over where rows share a large mean, which centring takes away. The inner product prefers long rows, so rare tokens, whose rows are often short, are seldom near by it. A row of zeros has no direction: its cosines are NaN and stand last.',
    baseline: 'anisotropy of `embedding-pca`: the mean cosine of different rows.'
  },
  gives,
  texts: ({ tokens }) => textsAmong([tokens].flat()),
  needs: (params, model) => ({ ...nothing, weights: Object.values(sidesOf(params, model)) }),

  start(params, model) {
    const { words, unknown } = knownWords([params.tokens].flat(), model)
    const weights = collectedWeights(model)
    const { of, among } = sidesOf(params, model)
    const isSame = among === undefined
    return {
      begin: () => undefined,
      take: weights.take,
      result() {
        const own = weights.of(of)
        const others = isSame ? own : weights.of(among)
        checkWidths(own, others, model)
        const left = (word: Word) => (isSame ? word.ids : [])
        const most = others.rows - Math.max(...words.map(word => new Set(left(word)).size))
        const count = Math.min(params.top, most)
        const found = words.map(() => new Map<Measure, { ids: number[]; values: number[] }>())
        scoresOf(own, others, words, (query, name, scores) => {
          const sorted = name === 'euclidean' ? scores.map(score => -score) : scores
          const ids = highest(sorted, count, left(words[query]!))
          found[query]!.set(name, { ids, values: ids.map(id => scores[id]!) })
        })
        const all = (name: Measure, what: 'ids' | 'values') =>
          found.flatMap(by => by.get(name)![what])
        return givenDataset(
          gives,
          { query: axis(wordLabels(words)), neighbour: axis(count) },
          {
            queries: Int32Array.from(words, idOf),
            ...Object.fromEntries(
              names.flatMap((name): [string, NumberArray][] => [
                [`${name}.ids`, Int32Array.from(all(name, 'ids'))],
                [`${name}.values`, Float64Array.from(all(name, 'values'))]
              ])
            )
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
      { axis: 'query', ids: 'queries' },
      ['queries', ...names.map(name => `${name}.ids`)],
      tokens
    )
}

function sidesOf({ of, among }: NeighbourParams, model: ModelFacts) {
  return {
    of: wantedEmbedding(of, model),
    ...(among !== null && among !== of && { among: wantedEmbedding(among, model) })
  }
}

/** Hands over each word's scores with every row, by each measure: [row]. */
function scoresOf(
  own: Matrix,
  others: Matrix,
  words: readonly Word[],
  take: (query: number, name: Measure, scores: Float64Array) => void
): void {
  const vectors = words.map(({ ids }) => meanOfRows(own, ids))
  const mean = meanRow(own)
  const otherMean = own === others ? mean : meanRow(others)
  const { squares, with: products } = rowProducts(others, [
    ...vectors,
    mean,
    ...(own === others ? [] : [otherMean])
  ])
  const byMean = products[vectors.length]!
  const byOtherMean = products.at(-1)!
  const [mixed, otherSquare] = [dot(mean, otherMean), dot(otherMean, otherMean)]
  for (const [query, vector] of vectors.entries()) {
    const dots = products[query]!
    const square = dot(vector, vector)
    const length = Math.sqrt(square)
    const centred = vector.map((value, i) => value - mean[i]!)
    const centredLength = Math.sqrt(dot(centred, centred))
    const vectorByOther = dot(vector, otherMean)
    const each = (of: (row: number) => number) => Float64Array.from(dots, (_, row) => of(row))
    const cosine = (row: number) => dots[row]! / (length * Math.sqrt(squares[row]!))
    const distance = (row: number) =>
      Math.sqrt(Math.max(0, square - 2 * dots[row]! + squares[row]!))
    // (x − m) · (y − n) = x · y − x · n − m · y + m · n
    const centredCosine = (row: number) => {
      const product = dots[row]! - vectorByOther - byMean[row]! + mixed
      const size = Math.max(0, squares[row]! - 2 * byOtherMean[row]! + otherSquare)
      return product / (centredLength * Math.sqrt(size))
    }
    take(query, 'dot', dots)
    take(query, 'cosine', each(cosine))
    take(query, 'euclidean', each(distance))
    take(query, 'centred', each(centredCosine))
  }
}

function checkWidths(own: Matrix, others: Matrix, { name }: ModelFacts): void {
  if (own.width === others.width) return
  throw new LamellaError(
    'unsupported',
    `${name}: its embeddings are ${own.width} and ${others.width} wide, and no row of one can be compared with one of the other`
  )
}
