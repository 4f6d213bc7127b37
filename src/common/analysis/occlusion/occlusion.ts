import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import type { Analysis, Given } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { Masked } from '../masked-labels.ts'
import { rankCorrelations } from '../rank-correlation.ts'
import { rowNorms, rowSums } from '../row-sums.ts'
import { attributions, type Asked } from '../saliency/attributions.ts'
import { Baseline } from '../saliency/saliency.ts'
import { Scalar } from '../saliency/scalar.ts'

const OcclusionParams = z.strictObject({
  /** The number: `loss`, `logit:POS:TOKEN`, `probability:POS:TOKEN` or `difference:POS:A-B`; `logit:` and `difference:` may be left out. */
  of: Scalar,
  /** Of a model of masked tokens, for its loss: the positions that hold the mask, each with the token that it hides. */
  masked: Masked,
  /** What takes the place of a token's embedding: 0, the mean of the vocabulary’s, or that of a token (`token:ID`). */
  by: Baseline,
  /** Also with no other token attending to it. */
  leave_one_out: z.boolean().default(true),
  /** Of the integrated gradients that stand beside it; 0 for none. */
  steps: z.int().min(0).max(4096).default(16)
})
type OcclusionParams = z.infer<typeof OcclusionParams>

const ofTokens = (name: string, about: string): Given => ({
  ...{ name, about },
  axes: ['pos'],
  unit: ''
})

const gives: readonly Given[] = [
  { name: 'value', axes: [], unit: '', about: 'f(x)' },
  ofTokens('occlusion', 'f(x) − f(x with the embedding of the token replaced)'),
  ofTokens('leave_one_out', 'f(x) − f(x with no other token attending to the token)'),
  ofTokens('saliency', '‖∂f/∂x‖₂ of each token'),
  ofTokens('grad_x_input', 'Σ over dim of x ∂f/∂x'),
  ofTokens('ig', 'integrated gradients, from what takes the embedding’s place'),
  {
    name: 'rank_correlation',
    axes: ['method', 'other'],
    unit: '',
    about: 'Spearman’s correlation of the magnitudes that two methods give the tokens'
  }
]

/** What becomes of a number without each token, and how alike other methods rank the tokens. */
export const occlusion: Analysis<OcclusionParams> = {
  name: 'occlusion',
  version: 3,
  of: 'window',
  compares: false,
  keeps: true,
  continues: true,
  params: OcclusionParams,
  about: {
    what: 'What becomes of a logit, a difference, a probability or the loss without each token of the text, in two ways: its embedding replaced, and no other token attending to it. Beside them what gradients say, and how alike all of them rank the tokens.',
    formulas: [
      'occlusion[i] = f(x) − f(x with x_i ← 0, or the mean of the vocabulary, or a token); its position stays',
      'leave_one_out[i] = f(x) − f(scores of key i ← −∞ for every other query, in every layer)',
      'rank_correlation: Spearman’s ρ of the magnitudes, equal ones with their mean rank'
    ],
    sources: [
      'Zeiler & Fergus 2014, section 4.2; Li, Monroe & Jurafsky 2016, “Understanding Neural Networks through Representation Erasure”',
      'Spearman 1904'
    ],
    read: 'Positive: the token raises the number. Either way takes the text where the model has not been, and they answer different questions: an embedding of 0 still has its position and is attended to; a token that none attends to still goes on at its own position, so that at the position of f itself leaving it out changes little. Where methods rank tokens apart no one of them is to be trusted alone. Each token takes a run, each way.',
    baseline:
      'Two methods that rank tokens by chance have a correlation of 0, give or take 1 / √(tokens − 1).'
  },
  gives,
  needs: (params, model, tokens) => attributions(askedOf(params), model).needs(tokens),

  start(params, model) {
    const of = attributions(askedOf(params), model)
    return {
      begin: window => of.begin(window),
      take: taken => of.take(taken),
      more: () => of.more(),
      result() {
        const { tokens, value, x, gradient, integrated, occluded, without } = of.found()
        const products = Float64Array.from(x, (own, i) => own * gradient[i]!)
        const less = (values: Float64Array) => values.map(own => value - own)
        const leaves = params.leave_one_out
        const methods: Record<string, Float64Array> = {
          occlusion: less(occluded!),
          // Of a text of one token there is no other.
          ...(leaves && {
            leave_one_out: without === null ? new Float64Array(tokens) : less(without)
          }),
          saliency: rowNorms(gradient, tokens),
          grad_x_input: rowSums(products, tokens),
          ...(integrated !== null && { ig: rowSums(integrated, tokens) })
        }
        const names = Object.keys(methods)
        return givenDataset(
          gives,
          { pos: axis(tokens), method: axis(names), other: axis(names) },
          {
            value: Float64Array.of(value),
            ...methods,
            rank_correlation: rankCorrelations(Object.values(methods))
          }
        )
      },
      state: () => ({})
    }
  }
}

function askedOf({ leave_one_out, by, ...params }: OcclusionParams): Asked {
  return {
    ...params,
    ...{ rule: 'midpoint', samples: 0, noise: 0, seed: 0, inside: false },
    ...{ by, baseline: by },
    occlusion: () => true,
    without: () => leave_one_out
  }
}
