import type { AttentionSpec, TransformerSpec } from '#common/model/spec.ts'
import {
  lessOrEqual,
  matMul,
  mul,
  reshape,
  slice,
  softmax,
  transpose,
  where
} from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import { linear, type Construction } from './weights.ts'

/** The most negative float32: WebGPU's shading language assumes that there are no infinities. */
const masked = -3.4028234663852886e38

/**
 * Multi-head self-attention.
 * @param x [pos, d_model], normalised
 * @param positions [pos], from 0
 * @returns [pos, d_model]
 */
export function attention(
  within: Construction,
  spec: TransformerSpec,
  { qkv, output, scale }: AttentionSpec,
  x: Value,
  positions: Value
): Value {
  const { graph } = within
  const { nHeads, nKeyValueHeads, dHead } = spec
  const projected = linear(within, x, qkv)
  let end = 0
  const heads = (count: number): Value => {
    const start = end
    end += count * dHead
    return reshape(slice(projected, 1, start, end), ['pos', count, dHead])
  }
  const q = heads(nHeads)
  const k = heads(nKeyValueHeads)
  const v = heads(nKeyValueHeads)

  const products = matMul(mul(transpose(q, [1, 0, 2]), scale), transpose(k, [1, 2, 0]))
  const scores = spec.causal ? where(visible(positions), products, masked) : products
  const pattern = softmax(scores)
  const z = transpose(matMul(pattern, transpose(v, [1, 0, 2])), [1, 0, 2])

  graph.output('attn.hook_q', q)
  graph.output('attn.hook_k', k)
  graph.output('attn.hook_v', v)
  graph.output('attn.hook_attn_scores', scores)
  graph.output('attn.hook_pattern', pattern)
  graph.output('attn.hook_z', z)
  return linear(within, reshape(z, ['pos', nHeads * dHead]), output)
}

/** Which keys a query may see: [query, key], bool. */
function visible(positions: Value): Value {
  return lessOrEqual(reshape(positions, [1, 'pos']), reshape(positions, ['pos', 1]))
}
