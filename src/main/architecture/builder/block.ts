import type { NormSpec, TransformerSpec } from '#common/model/spec.ts'
import { add } from '../../graph/expressions.ts'
import { createGraph, type Graph, type Value } from '../../graph/graph.ts'
import type { TensorTable } from '../tensor-table.ts'
import { attention } from './attention.ts'
import { inputsOf } from './inputs.ts'
import { mlp } from './mlp.ts'
import { constructionOf, norm, type Construction } from './weights.ts'

/**
 * The graph of one block.
 *
 * Inputs: `hook_resid_pre` [pos, d_model] and what `blockInputs` of block-inputs.ts gives. Outputs: the
 * hooks of `common/model/hooks.ts` that the block has but the input, under their names within the block.
 */
export function buildBlock(spec: TransformerSpec, layer: number, tensors: TensorTable): Graph {
  const graph = createGraph()
  const within = constructionOf(graph, tensors)
  block(within, spec, layer, within.input('hook_resid_pre', ['pos', spec.dModel]))
  return graph
}

/**
 * One block.
 * @param residPre [pos, d_model]
 * @returns the residual that leaves it, [pos, d_model]
 */
export function block(
  within: Construction,
  spec: TransformerSpec,
  layer: number,
  residPre: Value
): Value {
  const of = spec.blocks[layer]
  if (of === undefined) throw new RangeError(`no block ${layer} of ${spec.blocks.length}`)
  const { norms, parallel } = of
  const inputs = inputsOf(within, spec, of)
  const normalized = (x: Value, by: NormSpec | null) => (by === null ? x : norm(within, x, by))

  const attentionIn = normalized(residPre, norms.attentionIn)
  const attentionOut = attention(within, spec, of.attention, attentionIn, inputs)
  const attnOut = normalized(attentionOut, norms.attentionOut)
  const residMid = parallel ? residPre : normalized(add(residPre, attnOut), norms.afterAttention)

  const mlpIn = normalized(residMid, norms.mlpIn)
  const mlpOut = normalized(mlp(within, of.mlp, mlpIn, spec.dMlp), norms.mlpOut)
  const sum = add(parallel ? add(residPre, attnOut) : residMid, mlpOut)
  const residPost = normalized(sum, norms.afterMlp)

  const ln1 = firstNorm(
    [norms.attentionIn, attentionIn],
    [norms.attentionOut, attnOut],
    [norms.afterAttention, residMid]
  )
  const ln2 = firstNorm([norms.mlpIn, mlpIn], [norms.mlpOut, mlpOut], [norms.afterMlp, residPost])
  if (ln1 !== null) within.output('ln1.hook_normalized', ln1)
  within.output('hook_attn_out', attnOut)
  if (!parallel) within.output('hook_resid_mid', residMid)
  if (ln2 !== null) within.output('ln2.hook_normalized', ln2)
  within.output('hook_mlp_out', mlpOut)
  within.output('hook_resid_post', residPost)
  return residPost
}

/** What the first norm of a half of the block gives. */
function firstNorm(...candidates: readonly [NormSpec | null, Value][]): Value | null {
  return candidates.find(([of]) => of !== null)?.[1] ?? null
}
