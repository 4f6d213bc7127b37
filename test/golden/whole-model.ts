import type { TransformerSpec } from '../../src/common/model/spec.ts'
import { block } from '../../src/main/architecture/builder/block.ts'
import { embedding, unembedding } from '../../src/main/architecture/builder/ends.ts'
import type { Construction } from '../../src/main/architecture/builder/construction.ts'
import type { TensorTable } from '../../src/main/architecture/tensor-table.ts'
import { createGraph, type Graph, type Value } from '../../src/main/graph/graph.ts'

/**
 * A whole model as one graph, from `hook_embed` [pos, width] to the logits. Other inputs of block l are
 * called `blocks.{l}.` and their name.
 */
export function wholeModel(
  spec: TransformerSpec,
  tensors: TensorTable
): { graph: Graph; embed: Value; logits: Value } {
  const graph = createGraph()
  const under = (prefix: string): Construction => ({
    graph,
    tensors,
    input: (name, shape) => graph.input(prefix + name, 'float32', shape),
    results: 'nowhere',
    hook: (_, value) => value,
    entry: (name, shape) => graph.input(prefix + name, 'float32', shape)
  })
  const outside = under('')
  const embed = outside.input('hook_embed', ['pos', spec.embedding.width ?? spec.dModel])
  let residual = embedding(outside, spec, embed)
  spec.blocks.forEach((_, layer) => {
    residual = block(under(`blocks.${layer}.`), spec, layer, residual)
  })
  return { graph, embed, logits: unembedding(outside, spec, residual)! }
}
