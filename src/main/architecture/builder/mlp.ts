import type { DenseMlpSpec, ExpertsSpec, MlpSpec } from '#common/model/spec.ts'
import {
  add,
  cast,
  clip,
  concat,
  equal,
  less,
  min,
  mul,
  reduceSum,
  reshape,
  sigmoid,
  slice,
  softmax,
  topK,
  where
} from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import { maskedScore } from '../masked-score.ts'
import { isNormed, mlpInputs, mlpParts, type MlpInput, type MlpPart } from '../mlp-parts.ts'
import { activations } from './activation.ts'
import type { Construction } from './construction.ts'
import { bias, linear, norm, productsOf, withoutBias } from './weights.ts'

/**
 * The MLP of a block.
 * @param x [pos, d_model]
 * @returns [pos, d_model]
 */
export function mlp(within: Construction, spec: MlpSpec, x: Value, dMlp: number): Value {
  const parts = mlpParts(spec, dMlp)
  const router = spec.kind === 'experts' ? expertWeights(within, spec, x) : null
  const entering = parts.map(({ mlp, width }) => {
    const { gate, input } = mlpInputs(mlp, width)
    const products = productsOf(within, x)
    const read = (from: MlpInput) => taken(products(from.matrix), from, width)
    return { pre: read(gate ?? input), linearPre: gate === null ? null : read(input) }
  })
  const hooked = (name: string, values: readonly Value[]) => hookedParts(within, name, values)
  const pre = hooked(
    'mlp.hook_pre',
    entering.map(({ pre }) => pre)
  )
  const linearPre = hooked(
    'mlp.hook_pre_linear',
    entering.flatMap(({ linearPre }) => linearPre ?? [])
  )
  const activated = parts.map((part, i) => afterActivation(part.mlp, pre[i]!, linearPre[i] ?? null))
  const mid = isNormed(spec) ? hooked('mlp.hook_mid', activated) : activated
  const post = hooked(
    'mlp.hook_post',
    parts.map((part, i) => {
      const normed = afterNorm(within, part.mlp, mid[i]!)
      const weight = partWeight(within, part, x, router)
      return weight === null ? normed : mul(normed, weight)
    })
  )
  return neuronsOutput(within, parts, post, part => partWeight(within, part, x, router))
}

/**
 * What the neurons of a block add.
 * @param post of each part [pos, width], its weight in it
 * @param weightOf of a part that has a bias [pos, 1], null for 1
 * @returns [pos, d_model]
 */
export function neuronsOutput(
  within: Construction,
  parts: readonly MlpPart[],
  post: readonly Value[],
  weightOf: (part: MlpPart) => Value | null
): Value {
  const given = parts.map((part, i) => {
    const { output } = part.mlp
    if (output.bias === null || part.weight === 'one') return linear(within, post[i]!, output)
    const sum = linear(within, post[i]!, withoutBias(output))
    const weight = weightOf(part)
    const added = bias(within, output)!
    return add(sum, weight === null ? added : mul(weight, added))
  })
  return given.reduce((sum, own) => add(sum, own))
}

/** A value of all neurons, [pos, d_mlp], as one of each part. */
export function splitParts(whole: Value, parts: readonly MlpPart[]): Value[] {
  if (parts.length === 1) return [whole]
  return parts.map(({ start, width }) => slice(whole, 1, start, start + width))
}

/** A hook of all neurons at once: parts go by way of the whole only where that is changed, or a gradient asked towards it. */
function hookedParts(within: Construction, name: string, values: readonly Value[]): Value[] {
  const [first, ...others] = values
  if (first === undefined) return []
  const whole = others.length === 0 ? first : concat([first, ...others], 1)
  const flowing = within.hook(name, whole)
  if (!within.flowsThrough(name)) return [...values]
  let start = 0
  return values.map(({ shape }) => {
    const width = Number(shape[1])
    start += width
    return others.length === 0 ? flowing : slice(flowing, 1, start - width, start)
  })
}

/** @param product [pos, outputs] */
function taken(product: Value, { outputs, start, step }: MlpInput, width: number): Value {
  if (outputs === width) return product
  if (step === 1) return slice(product, 1, start, start + width)
  const turns = reshape(product, ['pos', width, step])
  return reshape(slice(turns, 2, start, start + 1), ['pos', width])
}

function afterActivation(mlp: DenseMlpSpec, pre: Value, linearPre: Value | null): Value {
  const activation = activations[mlp.activation]
  if (mlp.kind === 'plain' || linearPre === null) return activation(pre)
  const { limit, inputOffset } = mlp
  const activated = activation(limit === null ? pre : min(pre, limit))
  const bounded = limit === null ? linearPre : clip(linearPre, -limit, limit)
  return mul(activated, inputOffset === 0 ? bounded : add(bounded, inputOffset))
}

function afterNorm(within: Construction, mlp: DenseMlpSpec, mid: Value): Value {
  return mlp.kind === 'plain' && mlp.norm !== null ? norm(within, mid, mlp.norm) : mid
}

/**
 * The weight of each expert, 0 of those that are not chosen. Towards scores gradients flow by the weights alone, not by
 * what is chosen.
 * @returns [pos, expert]
 */
function expertWeights(
  within: Construction,
  { router, chosen: count, softmaxOver, experts }: ExpertsSpec,
  x: Value
): Value {
  const scores = within.hook('mlp.hook_router_scores', linear(within, x, router))
  const places = reshape(topK(scores, count), ['pos', count, 1])
  const each = within.graph.constant([...experts.keys()], [1, 1, experts.length], 'int64')
  const chosen = less(0, reduceSum(cast(equal(places, each), 'float32'), [1]))
  const weights =
    softmaxOver === 'chosen'
      ? softmax(where(chosen, scores, maskedScore))
      : where(chosen, softmax(scores), 0)
  return within.hook('mlp.hook_router', weights)
}

/**
 * What the output of a part is multiplied with; null for 1.
 * @returns [pos, 1]
 */
function partWeight(
  within: Construction,
  { weight }: MlpPart,
  x: Value,
  router: Value | null
): Value | null {
  if (weight === 'one') return null
  if ('gate' in weight) return sigmoid(linear(within, x, weight.gate))
  return slice(router!, 1, weight.expert, weight.expert + 1)
}
