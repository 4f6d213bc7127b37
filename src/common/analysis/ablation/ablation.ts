import { z } from 'zod'
import { axis, type NumberArray } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { expectedTokens, noLabel } from '../../model/gradient-target.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import { nothing, type Analysis, type Given, type ModelFacts, type State } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { joined } from '../joined.ts'
import { checkHidden, checkOneWindow, Masked, maskedLabels } from '../masked-labels.ts'
import { maskGradients } from '../mask-gradients.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { normalisedRows } from '../normalised-rows.ts'
import { classNames, tokenClasses } from '../token-classes.ts'
import { ablatedOf, replacements, type Ablated } from './ablated.ts'
import { fillLosses } from './token-losses.ts'

const AblationParams = z.strictObject({
  /** Of a model of masked tokens: the positions that hold the mask, each with the token that it hides. */
  masked: Masked,
  /** Layers whose parts are ablated, from 0; all when left out. */
  layers: Layers,
  /** Heads that are ablated together, each as [layer, head]. */
  set: z
    .array(z.tuple([z.int().min(0), z.int().min(0)]))
    .min(1)
    .max(100_000)
    .nullable()
    .default(null)
})
type AblationParams = z.infer<typeof AblationParams>

const perHead = ['layer', 'head']
const ofLosses = (name: string, axes: readonly string[], about: string): Given => ({
  ...{ name, axes: [...axes], about },
  unit: 'nats'
})

const how = {
  zero: 'set to 0 at every position',
  mean: 'replaced by its mean over the positions of the text, without ablation'
} as const

const gives: readonly Given[] = [
  ofLosses('loss', [], 'mean cross-entropy of the predicted tokens, nothing ablated'),
  ofLosses('token_loss', ['predicted'], 'of each predicted token; of one window'),
  ofLosses('class_loss', ['class'], 'of the predicted tokens of each class'),
  {
    ...{ name: 'class_tokens', axes: ['class'], unit: 'tokens' },
    about: 'predicted tokens of each class, that its losses are means over'
  },
  ...replacements.flatMap(by => [
    ofLosses(by, perHead, `loss with what the head gives ${how[by]}`),
    ofLosses(`${by}_token_loss`, [...perHead, 'predicted'], `the same of each token`),
    ofLosses(`${by}_class_loss`, [...perHead, 'class'], `the same of the tokens of each class`),
    ...(['attn', 'mlp'] as const).map(part =>
      ofLosses(`${by}_${part}`, ['layer'], `loss with ${part}_out of the layer ${how[by]}`)
    ),
    ofLosses(`set.${by}`, [], `loss with the heads of the set ${how[by]}`)
  ]),
  ...[
    ['mask_grad', '∂loss/∂m, m = 1 multiplying what the head gives'],
    ['importance', '|∂loss/∂m|'],
    ['importance_l2', 'importance divided by its L2 norm over the heads of the layer']
  ].map(([name, about]): Given => ({ name: name!, axes: perHead, unit: '', about: about! })),
  { name: 'predicted_token', axes: ['predicted'], unit: '', about: 'the id that is predicted' },
  { name: 'predicted_tokens', axes: [], unit: 'tokens', about: 'that the losses are means over' }
]

/** All windows so far. */
interface Losses extends State {
  /** Σ over the predicted tokens: of the run without ablation, then of each run with one. */
  readonly sums: Float64Array
  /** [run, class] */
  readonly classSums: Float64Array
  readonly classCounts: Float64Array
  /** [layer, head], each window by its predicted tokens. */
  readonly gradients: Float64Array
  /** As they are weighed, of either sign. */
  readonly magnitudes: Float64Array
  predicted: number
  windows: number
  /** Tokens of every window have texts. */
  classes: boolean
  /** [run, predicted], of the only window so far. */
  tokenLosses: readonly Float64Array[]
  tokens: readonly number[]
  labels: readonly string[]
}

/** What each head and each half of a layer is worth: the loss without it. */
export const ablation: Analysis<AblationParams> = {
  name: 'ablation',
  version: 2,
  of: 'windows',
  compares: false,
  keeps: true,
  params: AblationParams,
  about: {
    what: 'What each head, and the attention and the MLP of each layer, is worth to the loss: the run is made again without it, once set to zero and once replaced by its mean over the text. Beside it the gradient by a mask on each head, which needs one backward pass for all of them.',
    formulas: [
      'loss = mean over the predicted tokens of −ln p(token); decoders: every token but the first; encoders: those that are masked',
      'zero[l, h]: z of the head ← 0; mean[l, h]: z ← its mean over positions; its share in the bias of W_O stays',
      'zero_attn, zero_mlp, mean_attn, mean_mlp: the same of attn_out and mlp_out, bias and norms in it, before it is added',
      'mask_grad[l, h] = Σ over positions and d_head of z ∂loss/∂z; importance = |mask_grad|; importance_l2 = importance / √(Σ over h of importance²)'
    ],
    sources: [
      'Michel, Levy & Neubig 2019, "Are Sixteen Heads Really Better than One?", sections 2.3, 3 and 4.1',
      'mean ablation: Wang et al. 2022, "Interpretability in the Wild", section 3'
    ],
    read: 'Compare with `loss`: a loss that rises says that the model used the part. Zero takes the part out of the range that later layers know, its mean leaves what they always get; where both agree it is what the part says of this text. Parts that back one another up hide it. Windows are pooled, every predicted token alike; a mean is of its own window. Of a model of masked tokens `masked` says which positions are masked and what was there: masked=3:12,7:44. A head that another edit of the run changes is ablated after it.',
    baseline: '`loss`, of the same run without ablation.'
  },
  gives,

  needs({ masked, layers: asked, set }, model, tokens) {
    const layers = layersOf(model, asked)
    const labels = maskedLabels(masked, model, tokens)
    return {
      ...nothing,
      logits: labels === null ? 'every' : positionsOf(labels),
      gradient: {
        targets: [{ kind: 'loss', ...(labels !== null && { labels }) }],
        hooks: layers.map(layer => blockHookName(layer, 'attn.hook_z'))
      },
      edited: runsOf(checkedAblated(layers, model, set))
    }
  },

  start({ masked, layers: asked, set }, model, state) {
    const { nHeads } = widthsOf(model)
    const layers = layersOf(model, asked)
    const ablated = checkedAblated(layers, model, set)
    const runs = runsOf(ablated).length + 1
    const all = (state as Losses | null) ?? nothingYet(runs, layers.length * nHeads)
    let expected: readonly number[] = []
    /** Of the window under way: [run, predicted], and by layer and head. */
    let losses: Float64Array[] = []
    let gradients = new Float64Array(0)
    let classes = new Uint16Array(0)
    let isAdded = true

    /** Adds a window once all of it has come. */
    function add(): void {
      if (isAdded) return
      isAdded = true
      const count = losses[0]!.length
      losses.forEach((own, run) =>
        own.forEach((loss, i) => {
          all.sums[run]! += loss
          for (let c = 0; c < classNames.length; c++)
            if ((classes[i]! >> c) & 1) all.classSums[run * classNames.length + c]! += loss
        })
      )
      classes.forEach(bits =>
        classNames.forEach((_, c) => (all.classCounts[c]! += (bits >> c) & 1))
      )
      gradients.forEach((gradient, i) => {
        all.gradients[i]! += count * gradient
        all.magnitudes[i]! += count * Math.abs(gradient)
      })
      all.predicted += count
      all.tokenLosses = all.windows === 1 ? losses : []
    }

    return {
      begin({ ids, texts, label }) {
        add()
        checkOneWindow(masked, all.windows, label)
        const labels = maskedLabels(masked, model, ids.length)
        checkHidden(labels, ids)
        expected = expectedTokens(labels ?? undefined, [...ids], model.predicts)
        const positions = positionsOf(expected)
        const tokens = positions.map(position => expected[position]!)
        losses = Array.from({ length: runs }, () => new Float64Array(tokens.length))
        gradients = new Float64Array(layers.length * nHeads)
        isAdded = false
        all.windows++
        all.classes &&= texts !== null && masked === null
        // Of a token before the first nothing is predicted.
        classes = all.classes ? tokenClasses(texts!).slice(1) : new Uint16Array(0)
        all.tokens = all.windows === 1 ? tokens : []
        all.labels = tokens.map((token, i) =>
          masked === null ? (texts?.[i + 1] ?? String(token)) : `${positions[i]}:${token}`
        )
      },

      take(taken) {
        if (taken.kind === 'logits') fillLosses(losses[0]!, expected, taken)
        if (taken.kind === 'edited') fillLosses(losses[taken.place + 1]!, expected, taken)
        if (taken.kind !== 'gradient') return
        const row = layers.indexOf(parseHookName(taken.hook)?.layer ?? -1)
        gradients.set(maskGradients(taken.value, taken.data, taken.shape), row * nHeads)
      },

      result() {
        add()
        const isAll = layers.length === widthsOf(model).nLayers
        return givenDataset(
          gives,
          {
            layer: axis(isAll ? layers.length : layers.map(String)),
            head: axis(nHeads),
            ...(all.windows === 1 && { predicted: axis(all.labels) }),
            ...(all.classes && { class: axis(classNames) })
          },
          variablesOf(all, ablated, nHeads)
        )
      },

      state() {
        add()
        return all
      }
    }
  }
}

function nothingYet(runs: number, heads: number): Losses {
  return {
    sums: new Float64Array(runs),
    classSums: new Float64Array(runs * classNames.length),
    classCounts: new Float64Array(classNames.length),
    gradients: new Float64Array(heads),
    magnitudes: new Float64Array(heads),
    predicted: 0,
    windows: 0,
    classes: true,
    tokenLosses: [],
    tokens: [],
    labels: []
  }
}

function variablesOf(
  { sums, classSums, classCounts, classes, gradients, magnitudes, ...all }: Losses,
  ablated: readonly Ablated[],
  nHeads: number
): Record<string, NumberArray> {
  const { predicted, windows, tokenLosses } = all
  const nClasses = classNames.length
  const means = sums.map(sum => sum / predicted)
  const ofClasses = classSums.map((sum, i) => sum / classCounts[i % nClasses]!)
  const importance = magnitudes.map(sum => sum / predicted)
  const variables: Record<string, NumberArray> = { loss: means.slice(0, 1) }
  let first = 1
  for (const { name, axes, runs } of ablated) {
    const end = first + runs.length
    variables[name] = means.slice(first, end)
    if (axes.includes('head')) {
      if (windows === 1)
        variables[`${name}_token_loss`] = joined(tokenLosses.slice(first, end), Float64Array)
      if (classes)
        variables[`${name}_class_loss`] = ofClasses.slice(first * nClasses, end * nClasses)
    }
    first = end
  }
  return {
    ...variables,
    ...(windows === 1 && {
      token_loss: tokenLosses[0]!,
      predicted_token: Int32Array.from(all.tokens)
    }),
    ...(classes && { class_loss: ofClasses.slice(0, nClasses), class_tokens: classCounts }),
    mask_grad: gradients.map(sum => sum / predicted),
    importance,
    importance_l2: normalisedRows(importance, nHeads),
    predicted_tokens: Float64Array.of(predicted)
  }
}

function runsOf(ablated: readonly Ablated[]): Ablated['runs'] {
  return ablated.flatMap(({ runs }) => runs)
}

/** @throws LamellaError `invalid-argument` when the model has not the heads of the set */
function checkedAblated(
  layers: readonly number[],
  model: ModelFacts,
  set: AblationParams['set']
): Ablated[] {
  const { nLayers, nHeads } = widthsOf(model)
  for (const [layer, head] of set ?? []) {
    checkIndex('layer', layer, nLayers)
    checkIndex('head', head, nHeads)
  }
  return ablatedOf(layers, nHeads, set)
}

/** The positions that something is expected of. */
function positionsOf(expected: readonly number[]): number[] {
  return expected.flatMap((token, position) => (token === noLabel ? [] : [position]))
}
