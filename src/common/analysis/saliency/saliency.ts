import { z } from 'zod'
import { numberText } from '../../text/number-text.ts'
import { axis, type Dataset, type NumberArray } from '../../data/dataset.ts'
import { Seed } from '../../model/seed.ts'
import type { Analysis, Given, ModelFacts, Window } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { joined } from '../joined.ts'
import { Masked } from '../masked-labels.ts'
import { widthsOf } from '../model-widths.ts'
import { rankCorrelations } from '../rank-correlation.ts'
import { rowNorms, rowSums } from '../row-sums.ts'
import { attributions, type Found } from './attributions.ts'
import { beginsAtNothing, noDerivative, pathRules } from './path-steps.ts'
import { saliencyMethods, type SaliencyMethod } from './saliency-methods.ts'
import { Scalar, scalarTokens } from './scalar.ts'

/** Entries of patterns whose gradients one result holds at most. */
const mostEntries = 2 ** 22

/** The longest text whose tokens are occluded, where it is not said: each takes a run. */
const shortText = 128

/** A gap of integrated gradients that is warned of, relative to what they should sum to. */
export const largeGap = 0.05

/** Where the path of integrated gradients begins. */
export const Baseline = z
  .string()
  .regex(/^(zero|mean|token:\d{1,9})$/, 'expected zero, mean or token:ID')
  .default('zero')

const SaliencyParams = z.strictObject({
  /** The number: `loss`, `logit:POS:TOKEN`, `probability:POS:TOKEN` or `difference:POS:A-B`; `logit:` and `difference:` may be left out. */
  of: Scalar,
  /** Of a model of masked tokens, for its loss: the positions that hold the mask, each with the token that it hides. */
  masked: Masked,
  /** Of integrated gradients, each a run forward and back; 0 for none. */
  steps: z.int().min(0).max(4096).default(64),
  rule: z.enum(pathRules).default('midpoint'),
  /** Where integrated gradients begin: the embedding 0, the mean of the vocabulary’s, or that of a token (`token:ID`). */
  baseline: Baseline,
  /** Noisy copies of SmoothGrad; 0 for none. */
  samples: z.int().min(0).max(1024).default(0),
  /** Standard deviation of the noise, in ranges (largest less least) of the embeddings of the text. */
  noise: z.number().min(0).max(10).default(0.1),
  /** Equal seeds draw alike. */
  seed: Seed,
  /** Also by patterns, heads and neurons. */
  inside: z.boolean().default(true),
  /** Also without each token, a run for each; of texts of at most 128 tokens when left out. */
  occlusion: z.boolean().nullable().default(null),
  /** Also with no other token attending to a token, a run for each. */
  leave_one_out: z.boolean().default(false)
})
type SaliencyParams = z.infer<typeof SaliencyParams>

const each = (name: string, axes: string[], about: string): Given => ({
  name,
  axes,
  unit: '',
  about
})

const gives: readonly Given[] = [
  each('value', [], 'f(x)'),
  each(
    'token',
    ['asked'],
    'ids of the token that the number is of and of the one that it is set against; not of the loss'
  ),
  each('x', ['pos', 'dim'], 'the embedding of each token, before positions (inputs_embeds)'),
  each('grad', ['pos', 'dim'], '∂f/∂x'),
  each('saliency', ['pos'], '‖∂f/∂x‖₂ of each token'),
  each('grad_x_input', ['pos'], 'Σ over dim of x ∂f/∂x'),
  each('ig', ['pos'], 'integrated gradients: Σ over dim of ig_vector'),
  each('ig_vector', ['pos', 'dim'], '(x − x′) times the mean gradient on the way from x′ to x'),
  each('baseline_value', [], 'f(x′)'),
  each('ig_sum', [], 'Σ ig, which should be f(x) − f(x′)'),
  each('gap', [], 'ig_sum − (f(x) − f(x′))'),
  each('relative_gap', [], 'gap / (f(x) − f(x′))'),
  each('smooth', ['pos', 'dim'], 'SmoothGrad: mean gradient under noise'),
  each('smooth_saliency', ['pos'], 'its norm for each token'),
  each('occlusion', ['pos'], 'f(x) − f(x with the embedding of the token set to 0)'),
  each('leave_one_out', ['pos'], 'f(x) − f(x with no other token attending to the token)'),
  each(
    'rank_correlation',
    ['method', 'other'],
    'Spearman’s correlation of the magnitudes that two methods give the tokens'
  ),
  each(
    'pattern_grad',
    ['layer', 'head', 'query', 'key'],
    '∂f/∂A, every entry free, masked ones too'
  ),
  each('attention_x_gradient', ['layer', 'head'], 'Σ over query and key of A ∂f/∂A'),
  each('head_x_gradient', ['layer', 'head'], 'Σ over positions and d_head of z ∂f/∂z'),
  each('neuron_x_gradient', ['layer', 'neuron'], 'Σ over positions of post ∂f/∂post')
]

/** Which tokens, heads and neurons a number depends on, by its gradients. */
export const saliency: Analysis<SaliencyParams> = {
  name: 'saliency',
  version: 5,
  of: 'window',
  compares: false,
  keeps: true,
  continues: true,
  params: SaliencyParams,
  about: {
    what: 'How a number that the model gives of a text, such as a logit, depends on each token of it: gradient norm, gradient × input, integrated gradients, SmoothGrad; and on attention weights, heads and neurons. Beside them what becomes of the number without each token (occlusion), which needs no gradient.',
    formulas: [
      'f: logits[pos, token]; logits[pos, a] − logits[pos, b]; softmax(logits[pos])[token]; or mean cross-entropy, of decoders over the next tokens, of encoders over the masked ones',
      'saliency = ‖∂f/∂x_i‖₂; grad_x_input = Σ_d x ∂f/∂x; x: what transformers takes as inputs_embeds, which is hook_embed but where a family scales it later (Granite)',
      'ig = Σ_d (x − x′) Σ_k w_k ∂f/∂x at x′ + α_k (x − x′); midpoint: α_k = (k + ½)/steps, left: k/steps, right: (k + 1)/steps, w_k = 1/steps; trapezoid: the mean of left and right. Positions stay. NaN where gradients are taken at a stream of zeros: of the left rule and the trapezoid, at the baseline 0 of models that add no positions',
      'gap = Σ ig − (f(x) − f(x′))',
      'leave_one_out[i] = f(x) − f(scores of key i ← −∞ for every other query, in every layer); rank_correlation: Spearman’s ρ of magnitudes',
      'smooth = mean of ∂f/∂x at x + ε, ε Gaussian with σ = noise · (max x − min x)',
      'attention_x_gradient = Σ A ∂f/∂A; head_x_gradient = Σ z ∂f/∂z; neuron_x_gradient = Σ post ∂f/∂post'
    ],
    sources: [
      'Simonyan, Vedaldi & Zisserman 2013; Sundararajan, Taly & Yan 2017, “Axiomatic Attribution for Deep Networks”',
      'Smilkov et al. 2017, “SmoothGrad”; Zeiler & Fergus 2014 for occlusion',
      'attention × gradient: Hao et al. 2021, “Self-Attention Attribution”; Michel, Levy & Neubig 2019 for heads'
    ],
    read: 'A gradient says what a small change does. Methods disagree: `occlusion` is the check that needs no gradient, and the analysis `occlusion` says how alike they rank tokens. Integrated gradients sum to f(x) − f(x′) but for the gap: a large one (it is warned of) means that f bends sharply on the way, as near the baseline 0 of models without learned positions, where the whole stream is 0: take the mean as a baseline, or more steps. Where what enters a ReLU is 0 within rounding its slope is either: a step’s gradient then differs from that of another precision.',
    baseline: 'A number that does not depend on a token has 0 everywhere.'
  },
  gives,
  needs: (params, model, tokens) => attributions(askedOf(params), model).needs(tokens),

  start(params, model) {
    const { nLayers, nHeads } = widthsOf(model)
    const of = attributions(askedOf(params), model)
    let window: Window | null = null
    return {
      begin(next) {
        window = next
        of.begin(next)
      },
      take: taken => of.take(taken),
      more: () => of.more(),
      result() {
        const found = of.found()
        const width = found.x.length / found.tokens
        const { variables, attributes } = saliencyVariables(found, params, model.hooks)
        const labels = [...window!.ids].map((id, i) => window!.texts?.[i] ?? `#${id}`)
        return givenDataset(
          gives,
          {
            pos: axis(found.tokens),
            dim: axis(width),
            ...('token' in variables && { asked: axis(scalarTokens(params.of).length) }),
            ...('rank_correlation' in variables && {
              method: axis(methodsIn(variables)),
              other: axis(methodsIn(variables))
            }),
            ...(params.inside && {
              layer: axis(nLayers),
              head: axis(nHeads),
              neuron: axis(found.neurons.length / nLayers)
            }),
            ...('pattern_grad' in variables && { query: axis(labels), key: axis(labels) })
          },
          variables,
          attributes
        )
      },
      state: () => ({})
    }
  },

  described: (result, { tokens, labels }) => describedTokens(result, ['token'], labels ?? tokens)
}

function askedOf({ occlusion, leave_one_out, ...params }: SaliencyParams) {
  return {
    ...params,
    by: 'zero',
    occlusion: (tokens: number) => occlusion ?? tokens <= shortText,
    without: () => leave_one_out
  }
}

/** The methods that were asked for. */
function methodsIn(variables: Readonly<Record<string, NumberArray>>): SaliencyMethod[] {
  return saliencyMethods.filter(name => name in variables)
}

function saliencyVariables(
  found: Found,
  params: SaliencyParams,
  hooks: ModelFacts['hooks']
): { readonly variables: Record<string, NumberArray>; readonly attributes: Dataset['attributes'] } {
  const { tokens, value, x, gradient, integrated, smooth, occluded, baselineValue } = found
  const { of, inside, occlusion, leave_one_out } = params
  const asked = scalarTokens(of)
  const warnings: string[] = []
  const left: string[] = []
  const variables: Record<string, NumberArray> = {
    ...{ value: Float64Array.of(value), x, grad: gradient },
    ...(asked.length > 0 && { token: Int32Array.from(asked) }),
    saliency: rowNorms(gradient, tokens),
    grad_x_input: rowSums(
      Float64Array.from(x, (own, i) => own * gradient[i]!),
      tokens
    )
  }
  if (integrated !== null) {
    const ig = rowSums(integrated, tokens)
    const sum = ig.reduce((sum, own) => sum + own, 0)
    const gap = sum - (value - baselineValue)
    const relative = gap / (value - baselineValue)
    Object.assign(variables, {
      ig,
      ig_vector: integrated,
      baseline_value: Float64Array.of(baselineValue),
      ig_sum: Float64Array.of(sum),
      gap: Float64Array.of(gap),
      relative_gap: Float64Array.of(relative)
    })
    if (beginsAtNothing(params, hooks)) warnings.push(noDerivative)
    else if (!(Math.abs(relative) <= largeGap))
      warnings.push(
        `integrated gradients sum to ${numberText(sum, 4)}, and f(x) − f(x′) is ${numberText(value - baselineValue, 4)}: take more steps, or another baseline`
      )
  }
  if (smooth !== null) {
    variables['smooth'] = smooth
    variables['smooth_saliency'] = rowNorms(smooth, tokens)
  }
  if (occluded !== null) variables['occlusion'] = occluded.map(own => value - own)
  else if (occlusion === null)
    left.push(`occlusion, for the text has more than ${shortText} tokens and each takes a run`)
  // Of a text of one token there is no other.
  if (leave_one_out)
    variables['leave_one_out'] =
      found.without === null ? new Float64Array(tokens) : found.without.map(own => value - own)
  const methods = methodsIn(variables)
  if (methods.length > 1)
    variables['rank_correlation'] = rankCorrelations(methods.map(name => variables[name]!))
  if (inside) {
    variables['attention_x_gradient'] = found.attention
    variables['head_x_gradient'] = found.heads
    variables['neuron_x_gradient'] = found.neurons
    const entries = found.patternGradients.reduce((sum, { length }) => sum + length, 0)
    if (entries <= mostEntries)
      variables['pattern_grad'] = joined([...found.patternGradients], Float32Array)
    else left.push(`pattern_grad, for it has ${entries.toLocaleString('en')} entries`)
  }
  return {
    variables,
    attributes: {
      ...(warnings.length > 0 && { warning: warnings.join('; ') }),
      ...(left.length > 0 && { not_computed: left })
    }
  }
}
