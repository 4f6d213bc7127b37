import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { rowNorms, rowSums } from '../row-sums.ts'

/** Numbers that each of the two has at most. */
const mostValues = 2 ** 22

const ofTokens = (name: string, about: string): Given => ({
  ...{ name, about },
  axes: ['pos'],
  unit: ''
})
const ofDimensions = (name: string, about: string): Given => ({
  ...{ name, about },
  axes: ['pos', 'dimension'],
  unit: ''
})

const gives: readonly Given[] = [
  ofDimensions('embedding', 'the embedding of each token, scaled where the model scales it'),
  ofDimensions('position', 'what its position adds'),
  ofDimensions('sum', 'both together, before a norm, token types or a projection'),
  ofTokens('norm_embedding', 'L2 norm of the embedding'),
  ofTokens('norm_position', 'L2 norm of what the position adds'),
  ofTokens('norm_sum', 'L2 norm of the sum'),
  ofTokens('cosine', 'cosine of the two')
]

const hooks = ['hook_embed', 'hook_pos_embed'] as const

/** What the tokens of a text and their positions add up to, before the first block. */
export const embeddingSum: Analysis<Record<string, never>> = {
  name: 'embedding-sum',
  version: 1,
  of: 'window',
  compares: false,
  keeps: true,
  params: z.strictObject({}),
  about: {
    what: 'The embedding of each token of a text, what its position adds to that, and the sum, as the model computes them: how much of what enters the first block tells which token it is, and how much where it stands.',
    formulas: [
      'sum = embedding + position',
      'cosine = embedding · position / (‖embedding‖ ‖position‖)'
    ],
    sources: ['Vaswani et al. 2017, sections 3.4 and 3.5'],
    read: 'A cosine near 0 says that tokens and positions lie in directions of their own, so that the sum can be taken apart again. Only models that add positions to embeddings have one: rotary positions and biases come in within attention.',
    baseline: 'Random vectors of so many dimensions have cosines of about 0 ± 1/√dimensions.'
  },
  gives,
  needs(_, model) {
    checkAdded(model)
    return { ...nothing, hooks }
  },

  start(_, model) {
    checkAdded(model)
    const taken = new Map<string, Float32Array>()
    let count = 0
    return {
      begin(window) {
        count = window.ids.length
        taken.clear()
      },
      take(one) {
        if (one.kind !== 'hook') return
        if (one.data.length > mostValues)
          throw new LamellaError(
            'invalid-argument',
            `embedding-sum: ${count} tokens have ${one.data.length.toLocaleString('en')} values, and a result holds at most ${mostValues.toLocaleString('en')}`,
            'Give a shorter text.'
          )
        taken.set(one.hook, one.data.slice())
      },
      result() {
        const [embedding, position] = hooks.map(hook => taken.get(hook)!) as [
          Float32Array,
          Float32Array
        ]
        if (embedding.length !== position.length)
          throw new LamellaError(
            'unsupported',
            `${model.name}: projects the embeddings of tokens before positions are added`,
            'What comes of both is blocks.0.hook_resid_pre, in Activations.'
          )
        const products = Float64Array.from(embedding, (value, i) => value * position[i]!)
        const sum = embedding.map((value, i) => value + position[i]!)
        const width = embedding.length / count
        const [ofEmbedding, ofPosition] = [rowNorms(embedding, count), rowNorms(position, count)]
        return givenDataset(
          gives,
          { pos: axis(count), dimension: axis(width) },
          {
            ...{ embedding, position, sum },
            norm_embedding: ofEmbedding,
            norm_position: ofPosition,
            norm_sum: rowNorms(sum, count),
            cosine: rowSums(products, count).map(
              (dot, pos) => dot / (ofEmbedding[pos]! * ofPosition[pos]!)
            )
          }
        )
      },
      state: () => ({})
    }
  }
}

/** @throws LamellaError `unsupported` where no positions are added to embeddings */
function checkAdded({ name, hooks: own = [], positions }: ModelFacts): void {
  if (own.includes('hook_pos_embed')) return
  throw new LamellaError(
    'unsupported',
    positions === null
      ? `${name}: how it tells positions is not known`
      : `${name}: adds no positions to embeddings`
  )
}
