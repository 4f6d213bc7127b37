import type { TransformerSpec } from '#common/model/spec.ts'
import { add } from '../../graph/expressions.ts'
import { createGraph, type Graph } from '../../graph/graph.ts'
import type { TensorTable } from '../tensor-table.ts'
import { activations } from './activation.ts'
import { attention } from './attention.ts'
import { linear, norm } from './weights.ts'

/**
 * The graph of one block.
 *
 * Inputs: `hook_resid_pre` [pos, d_model] and `positions` [pos]. Outputs: every hook of
 * `common/model/hooks.ts` but the input, under its name within the block.
 */
export function buildBlock(spec: TransformerSpec, layer: number, tensors: TensorTable): Graph {
  const block = spec.blocks[layer]
  if (block === undefined) throw new RangeError(`no block ${layer} of ${spec.blocks.length}`)
  const graph = createGraph()
  const within = { graph, tensors }
  const residPre = graph.input('hook_resid_pre', 'float32', ['pos', spec.dModel])
  const positions = graph.input('positions', 'float32', ['pos'])

  const normalized1 = norm(within, residPre, block.ln1)
  graph.output('ln1.hook_normalized', normalized1)
  const attnOut = attention(within, spec, block.attention, normalized1, positions)
  graph.output('hook_attn_out', attnOut)
  const residMid = add(residPre, attnOut)
  graph.output('hook_resid_mid', residMid)

  const normalized2 = norm(within, residMid, block.ln2)
  graph.output('ln2.hook_normalized', normalized2)
  const pre = linear(within, normalized2, block.mlp.input)
  graph.output('mlp.hook_pre', pre)
  const post = activations[block.mlp.activation](pre)
  graph.output('mlp.hook_post', post)
  const mlpOut = linear(within, post, block.mlp.output)
  graph.output('hook_mlp_out', mlpOut)
  graph.output('hook_resid_post', add(residMid, mlpOut))
  return graph
}
