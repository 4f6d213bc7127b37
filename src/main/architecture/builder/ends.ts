import type { TransformerSpec } from '#common/model/spec.ts'
import { add } from '../../graph/expressions.ts'
import { createGraph, type Graph } from '../../graph/graph.ts'
import type { TensorTable } from '../tensor-table.ts'
import { linear, norm } from './weights.ts'

/**
 * The graph from looked-up embedding rows to the first residual. Rows are looked up where the weights lie,
 * so that a vocabulary's whole matrix is not loaded for a few tokens.
 *
 * Inputs: `hook_embed` and `hook_pos_embed` [pos, d_model]. Output: `hook_resid_pre` [pos, d_model].
 */
export function buildEmbedding(spec: TransformerSpec): Graph {
  const graph = createGraph()
  const tokens = graph.input('hook_embed', 'float32', ['pos', spec.dModel])
  const positions = graph.input('hook_pos_embed', 'float32', ['pos', spec.dModel])
  graph.output('hook_resid_pre', add(tokens, positions))
  return graph
}

/**
 * The graph from the last residual to the logits.
 *
 * Input: `hook_resid_post` [pos, d_model]. Outputs: `ln_final.hook_normalized` [pos, d_model] and
 * `logits` [pos, d_vocab].
 */
export function buildUnembedding(spec: TransformerSpec, tensors: TensorTable): Graph {
  const graph = createGraph()
  const within = { graph, tensors }
  const residual = graph.input('hook_resid_post', 'float32', ['pos', spec.dModel])
  const normalized = norm(within, residual, spec.finalNorm)
  graph.output('ln_final.hook_normalized', normalized)
  graph.output('logits', linear(within, normalized, spec.unembedding))
  return graph
}
