import { z } from 'zod'
import { axis, type Dataset, variable } from '../data/dataset.ts'
import { Token } from '../model/token.ts'
import { nothing, type Analysis, type Given } from './analysis.ts'
import { givenDataset } from './given.ts'
import { topProbabilities, type Ranked } from './softmax.ts'

const PredictionParams = z.strictObject({
  /** The position whose logits they are of; the last when left out. */
  position: z.int().min(0).nullable().default(null),
  top: z.int().min(1).max(1000).default(10)
})
type PredictionParams = z.infer<typeof PredictionParams>

const gives: readonly Given[] = [
  { name: 'token', axes: ['rank'], unit: '', about: 'token id, or the number of the label' },
  { name: 'logit', axes: ['rank'], unit: '', about: 'as the model gives it' },
  { name: 'probability', axes: ['rank'], unit: '', about: 'softmax of the logits' }
]

/** What the model expects at one position, most probable first. */
export const predictions: Analysis<PredictionParams> = {
  name: 'predictions',
  version: 1,
  of: 'window',
  compares: false,
  keeps: false,
  params: PredictionParams,
  about: {
    what: 'The most probable tokens at one position: the next one, the one there of a model of masked tokens, or labels of the text as a whole.',
    formulas: [
      'softmax of the logits over the vocabulary; of one label alone, 1 / (1 + exp(−logit))'
    ],
    sources: [],
    read: 'Most probable first; equal ones by their number.',
    baseline: 'A uniform guess: 1 / d_vocab.'
  },
  gives,
  needs: ({ position }) => ({ ...nothing, logits: position ?? 'last' }),

  start({ top }, { labels }) {
    let ranked: Ranked[] = []
    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind === 'logits') ranked = topProbabilities(taken.data, top)
      },
      result: () =>
        givenDataset(
          gives,
          { rank: axis(ranked.length) },
          {
            token: Int32Array.from(ranked, ({ index }) => index),
            logit: Float64Array.from(ranked, ({ logit }) => logit),
            probability: Float64Array.from(ranked, ({ logit, probability }) =>
              // One label alone competes with its absence.
              labels?.length === 1 ? 1 / (1 + Math.exp(-logit)) : probability
            )
          }
        ),
      state: () => ({})
    }
  },

  async described(result, describe) {
    const tokens = await describe([...variable(result, 'token').data])
    return {
      ...result,
      axes: { ...result.axes, rank: axis(tokens.map(({ piece }) => piece)) },
      attributes: {
        ...result.attributes,
        tokens: tokens as unknown as Dataset['attributes'][string]
      }
    }
  }
}

/** What the model expects after one position. */
export interface Prediction {
  readonly token: Token
  readonly logit: number
  readonly probability: number
}

/** The result of `predictions` as a list. */
export function predictionsOf(result: Dataset): Prediction[] {
  const logits = variable(result, 'logit').data
  const probabilities = variable(result, 'probability').data
  return Token.array()
    .parse(result.attributes['tokens'])
    .map((token, i) => ({ token, logit: logits[i]!, probability: probabilities[i]! }))
}
