import { z } from 'zod'
import { axis } from '../data/dataset.ts'
import { noLabel } from '../model/gradient-target.ts'
import { countedFromZero } from '../text/rank-text.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from './analysis.ts'
import { givenDataset } from './given.ts'
import { Masked, maskedLabels } from './masked-labels.ts'
import { tokenStanding, type TokenStanding } from './token-standing.ts'

const Params = z.strictObject({ masked: Masked })

const each = (name: keyof TokenStanding, unit: string, about: string): Given => ({
  name,
  axes: ['pos'],
  unit,
  about
})

const gives: readonly Given[] = [
  each('probability', '', 'of each token of the text'),
  each('surprisal', 'nats', '−ln of it'),
  each('rank', '', `tokens with a strictly higher logit than it: ${countedFromZero}`),
  each('entropy', 'nats', 'of the distribution that it is of')
]

/** How probable the model held each token of a text. */
export const tokenProbabilities: Analysis<z.infer<typeof Params>> = {
  name: 'token-probabilities',
  version: 2,
  of: 'window',
  compares: false,
  keeps: false,
  params: Params,
  about: {
    what: 'The probability that the model gave each token of a text: after those before it, or, of a model of masked tokens, at its own place, with the token itself in sight unless it is masked. With it its surprisal, its rank, and how undecided the model was.',
    formulas: [
      'p(t_i) = softmax of the logits at position i − 1 (masked models: i), at t_i',
      'surprisal = −ln p(t_i)',
      'rank = number of tokens with a strictly higher logit',
      'entropy = −Σ p ln p of the same softmax'
    ],
    sources: [],
    read: 'NaN where the model says nothing: of the first token, and of models whose logits are of labels. Where masked tokens are said (masked=3:12,7:44), theirs are of the tokens that are hidden.',
    baseline: 'A uniform guess: probability 1 / d_vocab, entropy ln d_vocab.'
  },
  gives,
  needs: (_, { predicts }) => ({
    ...nothing,
    logits: predicts === 'next' || predicts === 'masked' ? 'every' : null
  }),

  start({ masked }, model) {
    let ids = new Int32Array(0)
    let filled: Readonly<Record<keyof TokenStanding, Float64Array>> = emptied(0)
    return {
      begin(window) {
        ids = Int32Array.from(window.ids)
        if (masked !== null)
          for (const [position, label] of maskedLabels(masked, model, ids.length)!.entries())
            if (label !== noLabel) ids[position] = label
        filled = emptied(ids.length)
      },
      take(taken) {
        if (taken.kind !== 'logits') return
        eachStanding(ids, model, taken, (position, standing) => {
          for (const name of standings) filled[name][position] = standing[name]
        })
      },
      result: () =>
        givenDataset(
          gives,
          { pos: axis(ids.length) },
          { ...filled, probability: Float32Array.from(filled.probability) }
        ),
      state: () => ({})
    }
  }
}

const standings = ['probability', 'surprisal', 'rank', 'entropy'] as const

function emptied(length: number): Record<keyof TokenStanding, Float64Array> {
  const empty = () => new Float64Array(length).fill(NaN)
  return { probability: empty(), surprisal: empty(), rank: empty(), entropy: empty() }
}

/**
 * How each token is held that the logits of some positions tell.
 * @param ids what is expected at each position, [pos]
 * @param logits of some positions, [position, d_vocab]
 */
export function eachStanding(
  ids: ArrayLike<number>,
  { predicts }: Pick<ModelFacts, 'predicts'>,
  { positions, data }: { readonly positions: readonly number[]; readonly data: Float32Array },
  tell: (position: number, standing: TokenStanding) => void
): void {
  const ahead = predicts === 'next' ? 1 : 0
  const width = data.length / positions.length
  for (const [row, position] of positions.entries()) {
    const target = position + ahead
    if (target >= ids.length) continue
    tell(target, tokenStanding(data.subarray(row * width, (row + 1) * width), ids[target]!))
  }
}
