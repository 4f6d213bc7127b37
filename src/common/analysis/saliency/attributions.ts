import type { Edit } from '../../model/edit.ts'
import type { GradientTarget } from '../../model/gradient-target.ts'
import { blockHookName, parseHookName, type BlockHook } from '../../model/hooks.ts'
import { nothing, type ModelFacts, type Needs, type Taken, type Window } from '../analysis.ts'
import { maskGradients } from '../mask-gradients.ts'
import { widthsOf } from '../model-widths.ts'
import {
  baselineEmbedding,
  baselineWeights,
  embeddingHook,
  noisyRuns,
  onPath,
  pathRuns,
  unseen
} from './altered-embeddings.ts'
import { beginsAtNothing, type PathRule } from './path-steps.ts'
import { scalarTarget } from './scalar.ts'

/** What is asked of a number that a text gives. */
export interface Asked {
  /** As `Scalar` and `Masked` have them. */
  readonly of: string
  readonly masked: string | null
  /** Of integrated gradients; 0 for none. */
  readonly steps: number
  readonly rule: PathRule
  /** Where their path begins: `zero`, `mean`, or `token:ID`. */
  readonly baseline: string
  /** Of SmoothGrad; 0 for none. */
  readonly samples: number
  /** Standard deviation of its noise, in ranges of the embedding. */
  readonly noise: number
  readonly seed: number
  /** Also by patterns, heads and neurons. */
  readonly inside: boolean
  /** What takes the place of a token's embedding that is occluded, as `baseline` has it. */
  readonly by: string
  /** Whether each token's embedding is occluded, for texts of this length. */
  readonly occlusion: (tokens: number) => boolean
  /** Whether each token is left out of what others attend to. */
  readonly without: (tokens: number) => boolean
}

/** What was found of one window. */
export interface Found {
  readonly tokens: number
  readonly value: number
  /** The embedding of each token as transformers takes it (`inputs_embeds`), and the gradient by it: [pos, dim]. */
  readonly x: Float32Array
  readonly gradient: Float32Array
  /** By layer, of `attn.hook_pattern`: [head, query, key]. */
  readonly patternGradients: readonly Float32Array[]
  /** [layer, head] each. */
  readonly attention: Float64Array
  readonly heads: Float64Array
  /** [layer, neuron] */
  readonly neurons: Float64Array
  /** Of integrated gradients: (x − x′) times the mean gradient, [pos, dim]; NaN where it is not defined, null where it was not asked for. */
  readonly integrated: Float64Array | null
  /** The number where their path begins; NaN where there is none. */
  readonly baselineValue: number
  /** Mean gradient under noise, [pos, dim]. */
  readonly smooth: Float64Array | null
  /** The number once a token's embedding is replaced, and once no other attends to it: [pos]. */
  readonly occluded: Float64Array | null
  readonly without: Float64Array | null
}

/** What a further run is for. */
type Further =
  | { readonly kind: 'step' | 'noise'; readonly weight: number; readonly edits: readonly Edit[] }
  | { readonly kind: 'baseline'; readonly edits: readonly Edit[] }
  | { readonly kind: 'occluded' | 'without'; readonly pos: number; readonly edits: readonly Edit[] }

/** Goes from a number back to tokens, by gradients and by running the text without them. */
export interface Attributions {
  needs(tokens: number): Needs
  begin(window: Window): void
  take(taken: Taken): void
  more(): Needs | null
  found(): Found
}

const insideHooks: readonly BlockHook[] = ['attn.hook_pattern', 'attn.hook_z', 'mlp.hook_post']

/** @throws LamellaError as `scalarTarget` does */
export function attributions(asked: Asked, model: ModelFacts): Attributions {
  const { nLayers, nHeads } = widthsOf(model)
  const { inputsScale = 1 } = model
  const isDefined = !beginsAtNothing(asked, model.hooks)
  const inside = asked.inside
    ? Array.from({ length: nLayers }, (_, layer) =>
        insideHooks.map(hook => blockHookName(layer, hook))
      )
        .flat()
        .filter(hook => model.hooks?.includes(hook) ?? true)
    : []
  let tokens = 0
  let target: GradientTarget = { kind: 'loss' }
  let value = NaN
  let baselineValue = NaN
  let x = new Float32Array(0)
  let gradient = new Float32Array(0)
  let patternGradients: Float32Array[] = []
  let attention = new Float64Array(0)
  let heads = new Float64Array(0)
  let neurons = new Float64Array(0)
  /** Σ of weighed gradients over the steps and over the samples. */
  let path: Float64Array | null = null
  let smooth: Float64Array | null = null
  let occluded: Float64Array | null = null
  let without: Float64Array | null = null
  /** x′. */
  let baseline = baselineEmbedding(model)
  /** Runs that are under way, and rounds that are still to come. */
  let further: readonly Further[] = []
  let rounds: (() => readonly Further[])[] = []

  function pathOf(from: string) {
    return { baseline: from, mean: baseline.found(), tokens }
  }

  function differentiated(): Further[] {
    const path = isDefined ? pathRuns(asked, pathOf(asked.baseline)) : []
    return [
      ...path.map(run => ({ kind: 'step' as const, ...run })),
      ...noisyRuns(x, asked).map(run => ({ kind: 'noise' as const, ...run }))
    ]
  }

  function valued(): Further[] {
    const places = Array.from({ length: tokens }, (_, pos) => pos)
    const replaced = (pos: number) => [onPath(0, pathOf(asked.by), { pos: [pos] })]
    return [
      ...(asked.steps > 0
        ? [{ kind: 'baseline' as const, edits: [onPath(0, pathOf(asked.baseline))] }]
        : []),
      ...(asked.occlusion(tokens)
        ? places.map(pos => ({ kind: 'occluded' as const, pos, edits: replaced(pos) }))
        : []),
      // Of a text of one token there is no other to attend to it.
      ...(asked.without(tokens) && tokens > 1
        ? places.map(pos => ({
            kind: 'without' as const,
            pos,
            edits: unseen(pos, tokens, nLayers)
          }))
        : [])
    ]
  }

  function takeOwn(taken: Extract<Taken, { kind: 'gradient' }>): void {
    if (taken.hook === embeddingHook) {
      x = taken.value as Float32Array<ArrayBuffer>
      gradient = taken.data as Float32Array<ArrayBuffer>
      return
    }
    const { layer, hook } = parseHookName(taken.hook)!
    const { value, data, shape } = taken
    if (hook === 'attn.hook_pattern') {
      patternGradients[layer] = data
      const size = data.length / nHeads
      for (let i = 0; i < data.length; i++)
        attention[layer * nHeads + Math.floor(i / size)]! += value[i]! * data[i]!
    }
    if (hook === 'attn.hook_z') heads.set(maskGradients(value, data, shape), layer * nHeads)
    if (hook !== 'mlp.hook_post') return
    const [, units = 0] = shape
    const width = Math.max(units, ...(model.mlps ?? []).map(({ neurons }) => neurons))
    if (neurons.length === 0) neurons = new Float64Array(nLayers * width)
    for (let i = 0; i < data.length; i++)
      neurons[layer * width + (i % units)]! += value[i]! * data[i]!
  }

  function takeFurther(
    place: number,
    taken: Extract<Taken, { kind: 'gradient' | 'target' }>
  ): void {
    const of = further[place]!
    if (taken.kind === 'gradient') {
      if (of.kind !== 'step' && of.kind !== 'noise') return
      const sums = of.kind === 'step' ? (path ??= zeros()) : (smooth ??= zeros())
      taken.data.forEach((own, i) => (sums[i]! += of.weight * own))
    } else if (of.kind === 'baseline') baselineValue = taken.value
    else if (of.kind === 'occluded') (occluded ??= new Float64Array(tokens))[of.pos] = taken.value
    else if (of.kind === 'without') (without ??= new Float64Array(tokens))[of.pos] = taken.value
  }

  function zeros(): Float64Array<ArrayBuffer> {
    return new Float64Array(x.length)
  }

  /** (x − x′) times the mean gradient; NaN where it is not defined. */
  function integrated(): Float64Array | null {
    if (asked.steps > 0 && !isDefined) return new Float64Array(x.length).fill(NaN)
    if (path === null) return null
    const own = path
    const from = baseline.found()
    const base = (i: number) => (from === null ? 0 : from[i % from.length]!)
    return Float64Array.from(x, (value, i) => (value - base(i)) * own[i]!)
  }
  return {
    needs: tokens => ({
      ...nothing,
      gradient: {
        targets: [scalarTarget(asked.of, asked.masked, model, tokens)],
        hooks: [embeddingHook, ...inside]
      },
      weights: baselineWeights(asked.steps > 0 ? asked.baseline : asked.by)
    }),

    begin({ ids }) {
      tokens = ids.length
      target = scalarTarget(asked.of, asked.masked, model, tokens)
      value = NaN
      baselineValue = NaN
      patternGradients = []
      attention = new Float64Array(inside.length > 0 ? nLayers * nHeads : 0)
      heads = new Float64Array(attention.length)
      neurons = new Float64Array(0)
      path = null
      smooth = null
      occluded = null
      without = null
      baseline = baselineEmbedding(model)
      further = []
      rounds = [differentiated, valued]
    },

    take(taken) {
      if (taken.kind === 'weight') baseline.take(taken)
      else if (taken.kind === 'target' && taken.place === null) value = taken.value
      else if (taken.kind === 'gradient' && taken.place === null) takeOwn(taken)
      else if (taken.kind === 'gradient' || taken.kind === 'target')
        takeFurther(taken.place!, taken)
    },

    more() {
      for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
        further = round()
        if (further.length === 0) continue
        const hooks = round === differentiated ? [embeddingHook] : []
        const edited = further.map(({ edits }) => edits)
        return { ...nothing, edited, editedGradient: { targets: [target], hooks } }
      }
      return null
    },

    found: () => ({
      ...{ tokens, value, patternGradients, attention, heads, neurons },
      x: x.map(own => own / inputsScale),
      gradient: gradient.map(own => own * inputsScale),
      smooth: smooth && smooth.map(own => own * inputsScale),
      ...{ integrated: integrated(), baselineValue, occluded, without }
    })
  }
}
