import type { AttentionSpec, NormSpec, TransformerSpec } from '#common/model/spec.ts'
import {
  abs,
  add,
  and,
  div,
  lessOrEqual,
  matMul,
  mul,
  reshape,
  softmax,
  sub,
  tanh,
  transpose,
  where
} from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import { maskedScore } from '../masked-score.ts'
import type { BlockInputs } from './inputs.ts'
import { projections } from './projections.ts'
import { rotated } from './rotated.ts'
import { linear, norm, type Construction } from './weights.ts'

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
  const { nHeads, nKeyValueHeads, dHead } = spec
  const group = nHeads / nKeyValueHeads
  const { positions, queryKeyNorm, softCap } = block
  const { q, k, v } = projections(within, spec, block.projections, x)
  within.output('attn.hook_q', q)
  within.output('attn.hook_k', k)
  within.output('attn.hook_v', v)

  const turned = (heads: Value, of: NormSpec | undefined): Value => {
    const over = queryKeyNorm?.over ?? 'head'
    const normalized = of === undefined ? heads : normHeads(within, heads, of, over)
    return positions?.kind === 'rotary' ? rotated(normalized, positions, inputs) : normalized
  }
  const query = turned(q, queryKeyNorm?.query)
  const key = turned(k, queryKeyNorm?.key)
  if (positions?.kind === 'rotary') {
    within.output('attn.hook_rot_q', query)
    within.output('attn.hook_rot_k', key)
  }

  const scaled = mul(query, block.scale ?? dHead ** -0.5)
  // The queries of a group stand one after the other, so that no key or value is repeated.
  const queries = reshape(transpose(scaled, [1, 0, 2]), [nKeyValueHeads, group, 'pos', dHead])
  const keys = reshape(transpose(key, [1, 2, 0]), [nKeyValueHeads, 1, dHead, 'pos'])
  const values = reshape(transpose(v, [1, 0, 2]), [nKeyValueHeads, 1, 'pos', dHead])

  const products = reshape(matMul(queries, keys), [nHeads, 'pos', 'pos'])
  const capped = softCap === null ? products : mul(tanh(div(products, softCap)), softCap)
  const biased =
    positions?.kind === 'alibi' ? add(capped, reshape(inputs.alibi!, [nHeads, 1, 'pos'])) : capped
  const visible = visibleKeys(inputs.positions, spec.causal, block.reach)
  const scores = visible === null ? biased : where(visible, biased, maskedScore)
  const pattern = softmax(scores)
  const mixed = matMul(reshape(pattern, [nKeyValueHeads, group, 'pos', 'pos']), values)
  const z = transpose(reshape(mixed, [nHeads, 'pos', dHead]), [1, 0, 2])

  within.output('attn.hook_attn_scores', scores)
  within.output('attn.hook_pattern', pattern)
  within.output('attn.hook_z', z)
  return linear(within, reshape(z, ['pos', nHeads * dHead]), block.output)
}

/** @param x [pos, head, d_head] */
function normHeads(within: Construction, x: Value, spec: NormSpec, over: 'head' | 'heads'): Value {
  if (over === 'head') return norm(within, x, spec)
  const width = Number(x.shape[1]) * Number(x.shape[2])
  return reshape(norm(within, reshape(x, ['pos', width]), spec), x.shape)
}

/** Which keys a query may see: [query, key], bool; null when all. */
function visibleKeys(positions: Value, causal: boolean, reach: number | null): Value | null {
  const key = reshape(positions, [1, 'pos'])
  const query = reshape(positions, ['pos', 1])
  const near = () => lessOrEqual(abs(sub(query, key)), positions.graph.constant(reach!))
  if (!causal) return reach === null ? null : near()
  const before = lessOrEqual(key, query)
  return reach === null ? before : and(before, near())
}
