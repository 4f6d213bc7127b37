import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from './analysis.ts'
import { givenDataset } from './given.ts'
import { logSumExp } from './softmax.ts'

const NoParams = z.strictObject({})

const gives: readonly Given[] = [
  { name: 'probability', axes: ['pos'], unit: '', about: 'of each token of the text' }
]

/** How probable the model held each token of a text. */
export const tokenProbabilities: Analysis<z.infer<typeof NoParams>> = {
  name: 'token-probabilities',
  version: 1,
  of: 'window',
  compares: false,
  keeps: false,
  params: NoParams,
  about: {
    what: 'The probability that the model gave each token of a text: after those before it, or, of a model of masked tokens, at its own place with the token itself in sight.',
    formulas: ['p(t_i) = softmax of the logits at position i − 1 (masked models: i), at t_i'],
    sources: [],
    read: 'NaN where the model says nothing: of the first token, and of models whose logits are of labels.',
    baseline: 'A uniform guess: 1 / d_vocab.'
  },
  gives,
  needs: (_, { predicts }) => ({
    ...nothing,
    logits: predicts === 'next' || predicts === 'masked' ? 'every' : null
  }),

  start(_, model) {
    let ids = new Int32Array(0)
    let data = new Float32Array(0)
    return {
      begin(window) {
        ids = Int32Array.from(window.ids)
        data = new Float32Array(ids.length).fill(NaN)
      },
      take(taken) {
        if (taken.kind === 'logits') fillProbabilities(data, ids, model, taken)
      },
      result: () => givenDataset(gives, { pos: axis(data.length) }, { probability: data }),
      state: () => ({})
    }
  }
}

/**
 * Fills in the probability of each token that the logits of some positions tell.
 * @param probabilities [pos]
 * @param ids [pos]
 * @param logits of some positions, [position, d_vocab]
 */
export function fillProbabilities(
  probabilities: Float32Array,
  ids: ArrayLike<number>,
  { predicts }: Pick<ModelFacts, 'predicts'>,
  { positions, data }: { readonly positions: readonly number[]; readonly data: Float32Array }
): void {
  const ahead = predicts === 'next' ? 1 : 0
  const width = data.length / positions.length
  for (const [row, position] of positions.entries()) {
    const target = position + ahead
    if (target >= ids.length) continue
    const own = data.subarray(row * width, (row + 1) * width)
    probabilities[target] = Math.exp(own[ids[target]!]! - logSumExp(own))
  }
}
