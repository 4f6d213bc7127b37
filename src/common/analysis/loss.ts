import { z } from 'zod'
import { expectedTokens, noLabel } from '../model/gradient-target.ts'
import { fillLosses } from './ablation/token-losses.ts'
import { nothing, type Analysis, type Given, type State } from './analysis.ts'
import { givenDataset } from './given.ts'
import { checkHidden, checkOneWindow, Masked, maskedLabels } from './masked-labels.ts'

const LossParams = z.strictObject({ masked: Masked })

const gives: readonly Given[] = [
  { name: 'loss', axes: [], unit: 'nats', about: 'mean over the predicted tokens of −ln p' },
  { name: 'perplexity', axes: [], unit: '', about: 'exp(loss)' },
  { name: 'predicted_tokens', axes: [], unit: 'tokens', about: 'that the loss is a mean over' }
]

/** All windows so far. */
interface Losses extends State {
  sum: number
  predicted: number
  windows: number
}

/** How well the model predicts texts, in one number. */
export const loss: Analysis<z.infer<typeof LossParams>> = {
  name: 'loss',
  version: 1,
  of: 'windows',
  compares: false,
  keeps: true,
  params: LossParams,
  about: {
    what: 'How well the model predicts texts: the mean cross-entropy of their tokens, each after those before it, or of a model of masked tokens those that are masked.',
    formulas: [
      'loss = mean over the predicted tokens of −ln p(token), p the softmax of the logits',
      'perplexity = exp(loss)'
    ],
    sources: [],
    read: 'Windows are pooled, every predicted token alike; of the first token of a window nothing is predicted. Of a model of masked tokens `masked` says which positions of one text are masked and what was there: masked=3:12,7:44.',
    baseline: 'A uniform guess: ln d_vocab.'
  },
  gives,
  needs({ masked }, model, tokens) {
    const labels = maskedLabels(masked, model, tokens)
    const hidden = labels?.flatMap((label, position) => (label === noLabel ? [] : [position]))
    return { ...nothing, logits: hidden ?? 'every' }
  },

  start({ masked }, model, state) {
    const all = (state as Losses | null) ?? { sum: 0, predicted: 0, windows: 0 }
    let expected: readonly number[] = []
    let losses = new Float64Array(0)

    /** Adds the window under way. */
    function add(): void {
      for (const own of losses) all.sum += own
      all.predicted += losses.length
      losses = new Float64Array(0)
    }

    return {
      begin({ ids, label }) {
        add()
        checkOneWindow(masked, all.windows++, label)
        const labels = maskedLabels(masked, model, ids.length)
        checkHidden(labels, ids)
        expected = expectedTokens(labels ?? undefined, [...ids], model.predicts)
        losses = new Float64Array(expected.filter(token => token !== noLabel).length)
      },
      take(taken) {
        if (taken.kind === 'logits') fillLosses(losses, expected, taken)
      },
      result() {
        add()
        const mean = all.sum / all.predicted
        return givenDataset(
          gives,
          {},
          {
            loss: Float64Array.of(mean),
            perplexity: Float64Array.of(Math.exp(mean)),
            predicted_tokens: Float64Array.of(all.predicted)
          }
        )
      },
      state() {
        add()
        return all
      }
    }
  }
}
