import { z } from 'zod'
import { axis, type Dataset, variable } from '../data/dataset.ts'
import { LamellaError } from '../model/errors.ts'
import { Token } from '../model/token.ts'
import { countedFromZero } from '../text/rank-text.ts'
import { nothing, type Analysis, type Given, type ModelFacts, type Needs } from './analysis.ts'
import { givenDataset } from './given.ts'
import { logSumExp, topProbabilities, type Ranked } from './softmax.ts'

const Position = z.int().min(0)

const PredictionParams = z.strictObject({
  /**
   * The positions whose logits they are of. When left out the last; of a model of masked tokens all that hold the mask,
   * and of labels of each token every one.
   */
  position: z
    .union([Position, z.array(Position).min(1).max(100_000), z.literal('every')])
    .nullable()
    .default(null),
  /** Id of the mask, where no tokenizer tells it. */
  mask: z.int().min(0).nullable().default(null),
  top: z.int().min(1).max(1000).default(10)
})
type PredictionParams = z.infer<typeof PredictionParams>

const each = (name: string, about: string): Given => ({
  name,
  axes: ['prediction'],
  unit: '',
  about
})

const gives: readonly Given[] = [
  each('position', 'whose logits they are; not given of labels, which are of the text as a whole'),
  each('rank', `among the predictions of one position, ${countedFromZero}`),
  each('token', 'token id, or the number of the label'),
  each('logit', 'as the model gives it'),
  each('probability', 'softmax of the logits')
]

/** What the model expects at some positions, of each the most probable first. */
export const predictions: Analysis<PredictionParams> = {
  name: 'predictions',
  version: 3,
  of: 'window',
  compares: false,
  keeps: false,
  params: PredictionParams,
  about: {
    what: 'The most probable tokens at some positions: the next one after a position, the one at it of a model of masked tokens, or labels of the text as a whole. Where no position is said, it is the last; of a model of masked tokens each that holds the mask, and of labels of each token every one.',
    formulas: [
      'softmax of the logits over the vocabulary; of one label alone, 1 / (1 + exp(−logit))'
    ],
    sources: [],
    read: 'Position by position, the most probable first; equal ones by their number. Positions whose logits are NaN or infinite have none and stand in the attribute `no_numbers`. At a position that is not masked a model of masked tokens has the token itself in sight.',
    baseline: 'A uniform guess: 1 / d_vocab.'
  },
  gives,
  needs: ({ position, mask }, model) => ({
    ...nothing,
    logits: positionsOf(position, mask, model)
  }),

  start({ top }, { ofText, labels }) {
    const ranked: (Ranked & { readonly position: number; readonly rank: number })[] = []
    /** Positions whose logits are no numbers. */
    const without: number[] = []
    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind !== 'logits') return
        const { positions, data } = taken
        const width = data.length / positions.length
        for (const [row, position] of positions.entries()) {
          const logits = data.subarray(row * width, (row + 1) * width)
          if (!Number.isFinite(logSumExp(logits))) {
            without.push(position)
            continue
          }
          const own = topProbabilities(logits, top)
          ranked.push(...own.map((one, rank) => ({ ...one, position, rank })))
        }
      },
      result: () =>
        givenDataset(
          gives,
          { prediction: axis(ranked.length) },
          {
            ...(!ofText && {
              position: Int32Array.from(ranked, ({ position }) => position)
            }),
            rank: Int32Array.from(ranked, ({ rank }) => rank),
            token: Int32Array.from(ranked, ({ index }) => index),
            logit: Float64Array.from(ranked, ({ logit }) => logit),
            probability: Float64Array.from(ranked, ({ logit, probability }) =>
              // One label alone competes with its absence.
              labels?.length === 1 ? 1 / (1 + Math.exp(-logit)) : probability
            )
          },
          without.length > 0 ? { no_numbers: without } : {}
        ),
      state: () => ({})
    }
  },

  async described(result, naming) {
    const tokens = await (naming.labels ?? naming.tokens)([...variable(result, 'token').data])
    return {
      ...result,
      axes: { ...result.axes, prediction: axis(tokens.map(({ piece }) => piece)) },
      attributes: {
        ...result.attributes,
        tokens: tokens as unknown as Dataset['attributes'][string]
      }
    }
  }
}

/** @throws LamellaError `invalid-argument` where a mask is said and not looked for */
function positionsOf(
  position: PredictionParams['position'],
  mask: number | null,
  { name, predicts, ofText }: Pick<ModelFacts, 'name' | 'predicts' | 'ofText'>
): Needs['logits'] {
  if (mask !== null && (predicts !== 'masked' || position !== null))
    throw new LamellaError(
      'invalid-argument',
      predicts === 'masked'
        ? 'Both a mask and positions are said, and positions need no mask'
        : `${name} predicts no masked tokens, and a mask is said`,
      'Leave the mask out.'
    )
  // They are the same wherever they are asked for.
  if (ofText) return [0]
  if (position === null) return usual(predicts, mask)
  return typeof position === 'number' ? [position] : position
}

function usual(predicts: ModelFacts['predicts'], mask: number | null): Needs['logits'] {
  if (predicts === 'masked') return { mask }
  return predicts === 'labels' ? 'every' : 'last'
}

/** What the model expects after a position, or at it. */
export interface Prediction {
  /** Null of a label, which is of the text as a whole. */
  readonly position: number | null
  readonly token: Token
  readonly logit: number
  readonly probability: number
}

/** The positions of which `predictions` tells nothing, for their logits are no numbers. */
export function withoutPredictions({ attributes }: Dataset): number[] {
  return z.array(Position).parse(attributes['no_numbers'] ?? [])
}

/** The result of `predictions` as a list. */
export function predictionsOf(result: Dataset): Prediction[] {
  const positions = result.variables['position']?.data
  const logits = variable(result, 'logit').data
  const probabilities = variable(result, 'probability').data
  return Token.array()
    .parse(result.attributes['tokens'])
    .map((token, i) => ({
      position: positions?.[i] ?? null,
      token,
      logit: logits[i]!,
      probability: probabilities[i]!
    }))
}
