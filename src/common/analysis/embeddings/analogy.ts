import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { nothing, type Analysis, type Given } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { collectedWeights, Embedding, wantedEmbedding } from './embedding-matrix.ts'
import { dot, highest, meanOfRows, rowProducts, unit } from './vectors.ts'
import { idOf, textsAmong, TokenName, withTokens, wordAttributes, wordsOf } from './words.ts'

const Triple = z.tuple([TokenName, TokenName, TokenName])

const AnalogyParams = z.strictObject({
  /** (a, b, c) for a − b + c, such as ["king", "man", "woman"]; one, or several. */
  analogies: z.union([Triple, z.array(Triple).min(1).max(100)]),
  /** How many answers to each. */
  top: z.int().min(1).max(1000).default(5),
  /** The embedding that their vectors are rows of. */
  of: Embedding.default('input')
})
type AnalogyParams = z.infer<typeof AnalogyParams>

/** Whether rows have length 1 before they are added. */
const ways = { analogy: true, analogy_raw: false } as const

const gives: readonly Given[] = [
  {
    name: 'analogies',
    axes: ['triple', 'part'],
    unit: '',
    about: 'token ids of a, b and c; −1 of several tokens'
  },
  ...Object.entries(ways).flatMap(([name, isUnit]) => {
    const about = `cosine with a − b + c of ${isUnit ? 'rows of length 1' : 'rows as they are'}`
    return [
      { name: `${name}.ids`, axes: ['triple', 'rank'], unit: '', about: `highest ${about}` },
      { name: `${name}.values`, axes: ['triple', 'rank'], unit: '', about }
    ]
  })
]

/** What is to c as a is to b, by the embeddings. */
export const analogy: Analysis<AnalogyParams> = {
  name: 'analogy',
  version: 1,
  of: 'weights',
  compares: false,
  keeps: true,
  params: AnalogyParams,
  about: {
    what: 'The tokens that are to c what a is to b: those whose embeddings are nearest to a − b + c, by cosine; with rows of length 1 and with rows as they are.',
    formulas: [
      'argmax over y of cos(y, a − b + c), without a, b and c (3CosAdd)',
      'analogy: a / ‖a‖ − b / ‖b‖ + c / ‖c‖; analogy_raw: a − b + c',
      'a text of several tokens: the mean of their rows'
    ],
    sources: [
      'Mikolov et al. 2013, “Linguistic Regularities in Continuous Space Word Representations”',
      'Levy & Goldberg 2014, “Linguistic Regularities in Sparse and Explicit Word Representations”'
    ],
    read: 'That a, b and c are left out favours the answer: without that rule c is mostly the nearest itself.',
    baseline: 'The nearest neighbours of c alone, which `neighbours` gives.'
  },
  gives,
  texts: ({ analogies }) => textsAmong(analogies.flat()),
  needs: ({ of }, model) => ({ ...nothing, weights: [wantedEmbedding(of, model)] }),

  start({ analogies, top, of }, model) {
    const triples = triplesOf(analogies).map(triple => wordsOf(triple, model))
    const weights = collectedWeights(model)
    return {
      begin: () => undefined,
      take: weights.take,
      result() {
        const matrix = weights.of(wantedEmbedding(of, model))
        const lefts = triples.map(words => [...new Set(words.flatMap(({ ids }) => ids))])
        const count = Math.min(top, matrix.rows - Math.max(...lefts.map(({ length }) => length)))
        const answers = Object.entries(ways).flatMap(([name, isUnit]): [string, NumberArray][] => {
          const wanted = triples.map(words => {
            const [a, b, c] = words.map(({ ids }) => {
              const row = meanOfRows(matrix, ids)
              return isUnit ? unit(row) : row
            })
            return a!.map((value, i) => value - b![i]! + c![i]!)
          })
          const { squares, with: products } = rowProducts(matrix, wanted)
          const ids: number[] = []
          const values: number[] = []
          for (const [i, vector] of wanted.entries()) {
            const length = Math.sqrt(dot(vector, vector))
            const cosines = products[i]!.map(
              (product, row) => product / (length * Math.sqrt(squares[row]!))
            )
            const found = highest(cosines, count, lefts[i])
            ids.push(...found)
            values.push(...found.map(id => cosines[id]!))
          }
          return [
            [`${name}.ids`, Int32Array.from(ids)],
            [`${name}.values`, Float64Array.from(values)]
          ]
        })
        return givenDataset(
          gives,
          { triple: axis(triples.length), part: axis(['a', 'b', 'c']), rank: axis(count) },
          {
            analogies: Int32Array.from(triples.flat(), idOf),
            ...Object.fromEntries(answers)
          },
          wordAttributes(triples.flat())
        )
      },
      state: () => ({})
    }
  },

  described: (result, { tokens }) =>
    withTokens(result, null, ['analogies', 'analogy.ids', 'analogy_raw.ids'], tokens)
}

function triplesOf(analogies: AnalogyParams['analogies']): readonly z.infer<typeof Triple>[] {
  return Array.isArray(analogies[0])
    ? (analogies as z.infer<typeof Triple>[])
    : [analogies as z.infer<typeof Triple>]
}
