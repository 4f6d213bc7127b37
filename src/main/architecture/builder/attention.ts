import { relativeBuckets } from '#common/model/relative-buckets.ts'
import type {
  AttentionSpec,
  LinearSpec,
  NormSpec,
  ShortformerSpec,
  TransformerSpec
} from '#common/model/spec.ts'
import {
  abs,
  add,
  and,
  cast,
  clip,
  concat,
  div,
  expand,
  gather,
  lessOrEqual,
  matMul,
  mul,
  reduceSum,
  reshape,
  slice,
  softmax,
  sub,
  tanh,
  transpose,
  where
} from '../../graph/expressions.ts'
import type { Dim, Value } from '../../graph/graph.ts'
import { maskedScore } from '../masked-score.ts'
import { presentOutputs, type BlockInputs } from './inputs.ts'
import { projections } from './projections.ts'
import { rotated } from './rotated.ts'
import type { Construction } from './construction.ts'
import { linear, matrix, norm, weight } from './weights.ts'

/**
 * Multi-head self-attention; query heads in groups that share a key/value head.
 * @param x [pos, d_model]
 * @returns [pos, d_model]
 */
export function attention(
  within: Construction,
  spec: TransformerSpec,
  block: AttentionSpec,
  x: Value,
  inputs: BlockInputs
): Value {
  const { nHeads, dHead } = spec
  const { positions, queryKeyNorm, softCap } = block
  const placed = positions?.kind === 'shortformer' ? add(x, rowsOf(within, positions, inputs)) : x
  const projected = projections(within, spec, block.projections, {
    query: placed,
    key: placed,
    value: x
  })
  const clipped = (of: Value) => (block.clip === null ? of : clip(of, -block.clip, block.clip))
  const q = within.hook('attn.hook_q', clipped(projected.query))
  const k = within.hook('attn.hook_k', clipped(projected.key))
  const v = within.hook('attn.hook_v', clipped(projected.value))

  const turned = (hook: string, heads: Value, of: NormSpec | undefined): Value => {
    const over = queryKeyNorm?.over ?? 'head'
    const normalized = of === undefined ? heads : normHeads(within, heads, of, over)
    if (positions?.kind !== 'rotary') return normalized
    return within.hook(hook, rotated(normalized, positions, inputs))
  }
  const query = turned('attn.hook_rot_q', q, queryKeyNorm?.query)
  const key = turned('attn.hook_rot_k', k, queryKeyNorm?.key)

  const all = withPast(within, inputs, { key, value: v })
  // Heads first, scaled beside the product: the runtime's product takes in both, and copies nothing.
  const scaled = mul(transpose(query, [1, 0, 2]), block.scale ?? dHead ** -0.5)
  const products = byGroup(scaled, transpose(all.key, [1, 2, 0]))
  const capped = softCap === null ? products : mul(tanh(div(products, softCap)), softCap)
  const biases = scoreBiases(within, block, inputs, nHeads)
  const biased = biases === null ? capped : add(capped, biases)
  const visible = visibleKeys(inputs, spec.causal, block.reach)
  // Added, as PyTorch does: a choice by cell costs three passes over [head, query, key].
  const masked = visible === null ? biased : add(biased, where(visible, 0, maskedScore))
  // No edit lets a query see what it may not.
  const settled = (of: Value) => (visible === null ? of : where(visible, of, maskedScore))
  const scores = within.hook('attn.hook_attn_scores', masked, settled)
  const pattern = within.hook('attn.hook_pattern', weights(within, scores, block.sinks))
  const mixed = byGroup(pattern, transpose(all.value, [1, 0, 2]))
  const z = within.hook('attn.hook_z', transpose(mixed, [1, 0, 2]))
  return output(within, spec, block.output, z)
}

/**
 * The product of each query head and the key/value head of its group, which is not repeated: the queries of a group
 * stand one after the other.
 * @param queries [head, pos, inner]
 * @param shared [kv_head, inner, outer]
 * @returns [head, pos, outer]
 */
function byGroup(queries: Value, shared: Value): Value {
  const [heads, pos, inner] = queries.shape as [number, Dim, Dim]
  const [groups, , outer] = shared.shape as [number, Dim, Dim]
  if (groups === heads) return matMul(queries, shared)
  const products = matMul(
    reshape(queries, [groups, heads / groups, pos, inner]),
    reshape(shared, [groups, 1, inner, outer])
  )
  return reshape(products, [heads, pos, outer])
}

/** @returns [pos, d_model] */
function rowsOf(
  within: Construction,
  { table }: ShortformerSpec,
  { positions }: BlockInputs
): Value {
  return gather(weight(within, table), cast(positions, 'int64'))
}

/**
 * Keys and values of all that queries may look at: where there is a past, of that, too, and they leave the graph.
 * @param present each [pos, kv_head, d_head]
 * @returns each [key, kv_head, d_head]
 */
function withPast(
  { graph }: Construction,
  { past }: BlockInputs,
  present: KeysAndValues
): KeysAndValues {
  if (past === null) return present
  const key = concat([past.key, present.key], 0)
  const value = concat([past.value, present.value], 0)
  graph.output(presentOutputs.key, key)
  graph.output(presentOutputs.value, value)
  return { key, value }
}

interface KeysAndValues {
  readonly key: Value
  readonly value: Value
}

/**
 * What the heads give together.
 * @param z [pos, head, d_head]
 * @returns [pos, d_model]
 */
function output(
  within: Construction,
  { dModel }: TransformerSpec,
  spec: LinearSpec | null,
  z: Value
): Value {
  const [pos, nHeads, dHead] = z.shape as [Dim, number, number]
  const whole = () => (spec === null ? identity(within, dModel) : matrix(within, spec))
  const result = () => within.hook('attn.hook_result', headResults(whole(), z))
  if (within.flowsThrough('attn.hook_result')) {
    const sum = reduceSum(result(), [1])
    return spec === null || spec.bias === null ? sum : add(sum, weight(within, spec.bias))
  }
  if (within.results) result()
  const endToEnd = reshape(z, [pos, nHeads * dHead])
  return spec === null ? endToEnd : linear(within, endToEnd, spec)
}

/** @returns [width, width] */
function identity({ graph }: Construction, width: number): Value {
  const ones = Array.from({ length: width ** 2 }, (_, i) => (i % (width + 1) === 0 ? 1 : 0))
  return graph.constant(ones, [width, width])
}

/**
 * What each head gives.
 * @param whole W_O [head · d_head, d_model]
 * @param z [pos, head, d_head]
 * @returns [pos, head, d_model]
 */
function headResults(whole: Value, z: Value): Value {
  const [, nHeads, dHead] = z.shape as [Dim, number, number]
  const byHead = reshape(whole, [nHeads, dHead, whole.shape[1]!])
  return transpose(matMul(transpose(z, [1, 0, 2]), byHead), [1, 0, 2])
}

/** @param x [pos, head, d_head] */
function normHeads(within: Construction, x: Value, spec: NormSpec, over: 'head' | 'heads'): Value {
  if (over === 'head') return norm(within, x, spec)
  const width = Number(x.shape[1]) * Number(x.shape[2])
  return reshape(norm(within, reshape(x, ['pos', width]), spec), x.shape)
}

/** What positions add to scores; null where they add nothing: [head, query or 1, key]. */
function scoreBiases(
  within: Construction,
  { positions }: AttentionSpec,
  { alibi, ...placed }: BlockInputs,
  nHeads: number
): Value | null {
  if (positions?.kind === 'alibi') return reshape(alibi!, [nHeads, 1, ...alibi!.shape.slice(1)])
  if (positions?.kind !== 'relative') return null
  const { table, furthest } = positions
  const buckets = within.graph.constant(relativeBuckets(positions), undefined, 'int64')
  const byDistance = gather(weight(within, table), buckets)
  const key = reshape(placed.keyPositions, [1, ...placed.keyPositions.shape])
  const distance = clip(sub(key, reshape(placed.positions, ['pos', 1])), -furthest, furthest)
  const byCell = gather(byDistance, cast(add(distance, furthest), 'int64'))
  return transpose(byCell, [2, 0, 1])
}

/**
 * Attention weights of scores; where there are sinks, less what these take.
 * @param scores [head, query, key]
 */
function weights(within: Construction, scores: Value, sinks: string | null): Value {
  if (sinks === null) return softmax(scores)
  const [nHeads, query] = scores.shape as [number, Dim, Dim]
  const sink = expand(reshape(weight(within, sinks), [nHeads, 1, 1]), [nHeads, query, 1])
  return slice(softmax(concat([scores, sink], 2)), 2, 0, -1)
}

/** Which keys a query may see: [query, key], or [1, key] where it is the same for each; bool; null when all. */
function visibleKeys(
  { positions, keyPositions, seenKeys }: BlockInputs,
  causal: boolean,
  reach: number | null
): Value | null {
  const key = reshape(keyPositions, [1, ...keyPositions.shape])
  const query = reshape(positions, ['pos', 1])
  const number = (of: number) => positions.graph.constant(of)
  const conditions = [
    ...(causal ? [lessOrEqual(key, query)] : []),
    ...(reach === null ? [] : [lessOrEqual(abs(sub(query, key)), number(reach))]),
    ...(seenKeys === null
      ? []
      : [lessOrEqual(number(1), reshape(seenKeys, [1, ...seenKeys.shape]))])
  ]
  return conditions.length === 0 ? null : conditions.reduce(and)
}
