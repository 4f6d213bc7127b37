import { LamellaError } from '#common/model/errors.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { gradient } from '../../graph/gradient.ts'
import { createGraph, type Graph, type Value } from '../../graph/graph.ts'
import type { TensorTable } from '../tensor-table.ts'
import { block, checkHooks } from './block.ts'
import { beforeEdit, constructionOf, type Construction, type Flow } from './construction.ts'
import { embedding, unembedding } from './ends.ts'

/** The name of the gradient with respect to a hook's value, where a graph takes it in or gives it. */
export function gradientOf(hook: string): string {
  return `grad.${hook}`
}

/** The name of the gradient with respect to the residual that a part takes in, before any edit of it. */
export const gradientIn = gradientOf('in')

/**
 * The backward pass of one block. Of the block it computes what the gradients need.
 *
 * Inputs: those of `buildBlock` with the same edits, and `grad.hook_resid_post` [pos, d_model], towards what leaves
 * the block. Outputs: `grad.in` [pos, d_model]; for each of the hooks `grad.{hook}` of its value's shape, towards what
 * flows on from it (entries of a pattern taken as free, masked ones too); and of those that are edited the value
 * before the edit: ∂/∂scale is the sum of its product with `grad.{hook}`. With `values` also each hook's own value, as
 * it flows on.
 * @param hooks any that the block has but `hook_resid_post`, whose gradient is handed over
 * @throws LamellaError `invalid-argument` when the block has no such hook
 */
export function buildBlockGradient(
  spec: TransformerSpec,
  layer: number,
  tensors: TensorTable,
  { edited = new Set(), hooks = [], values = false }: BlockGradients = {}
): Graph {
  checkHooks(spec, layer, [...edited, ...hooks])
  const last = 'hook_resid_post'
  if (hooks.includes(last))
    throw new LamellaError(
      'invalid-argument',
      `${blockHookName(layer, last)}: its gradient is handed over`
    )
  const flow = { edited, differentiated: new Set(hooks) }
  const { graph, at } = traced(tensors, flow, within => block(within, spec, layer))
  const first = edited.has('hook_resid_pre') ? beforeEdit('hook_resid_pre') : 'hook_resid_pre'
  const towards = hooks.map(hook => [gradientOf(hook), at(hook)] as const)
  differentiate(graph, last, at(last), [[gradientIn, at(first)], ...towards])
  if (values) for (const hook of hooks) graph.output(hook, at(hook))
  // What comes in is known to whoever hands it over.
  for (const hook of hooks)
    if (edited.has(hook) && hook !== 'hook_resid_pre')
      graph.output(beforeEdit(hook), at(beforeEdit(hook)))
  return graph
}

export interface BlockGradients {
  readonly edited?: ReadonlySet<BlockHook>
  readonly hooks?: readonly BlockHook[]
  readonly values?: boolean
}

/**
 * The backward pass from the logits to the last residual.
 *
 * Inputs: `hook_resid_post` [pos, d_model] and `grad.logits`, of the shape of the logits that `buildUnembedding`
 * gives. Outputs: `grad.in` [pos, d_model], and `grad.ln_final.hook_normalized` where there is a final norm.
 * @param isOfChosen whether it is of a few logits, which it gives, too, by rows of the unembedding that come in as
 * `unembedding` names them: for these its whole matrix is not read
 * @throws LamellaError `unsupported` when the model has no head
 */
export function buildUnembeddingGradient(
  spec: TransformerSpec,
  tensors: TensorTable,
  isOfChosen = false
): Graph {
  if (spec.unembedding === null)
    throw new LamellaError('unsupported', 'The model has no head, so it gives no logits')
  const { graph, at } = traced(tensors, {}, within => unembedding(within, spec, isOfChosen))
  const final = 'ln_final.hook_normalized'
  differentiate(graph, 'logits', at('logits'), [
    [gradientIn, at('hook_resid_post')],
    ...(spec.finalNorm === null ? [] : [[gradientOf(final), at(final)] as const])
  ])
  if (isOfChosen) graph.output('logits', at('logits'))
  return graph
}

/**
 * The backward pass from the first residual to the embeddings.
 *
 * Inputs: those of `buildEmbedding`, and `grad.hook_resid_pre` [pos, d_model]. Outputs: `grad.hook_embed`, and where
 * positions are added `grad.hook_pos_embed`, each of the shape of what comes in.
 */
export function buildEmbeddingGradient(spec: TransformerSpec, tensors: TensorTable): Graph {
  const hooks = ['hook_embed', ...(spec.embedding.positions === null ? [] : ['hook_pos_embed'])]
  const residual = 'hook_resid_pre'
  const { graph, at } = traced(tensors, {}, within => embedding(within, spec))
  const towards = hooks.map(hook => [gradientOf(hook), at(hook)] as const)
  differentiate(graph, residual, at(residual), towards)
  return graph
}

/** A forward graph that nothing leaves yet, and the values at its hooks and inputs by name. */
function traced(
  tensors: TensorTable,
  flow: Flow,
  build: (within: Construction) => unknown
): { graph: Graph; at: (name: string) => Value } {
  const graph = createGraph()
  const left = new Map<string, Value>()
  const leave = (name: string, value: Value) => void left.set(name, value)
  build(constructionOf(graph, tensors, { ...flow, leave }))
  const inputs = new Map(graph.inputs.map(input => [input.name, input]))
  return { graph, at: name => left.get(name) ?? inputs.get(name)! }
}

/** Lets the gradients of a value, whose own is handed over, leave the graph. */
function differentiate(
  graph: Graph,
  hook: string,
  of: Value,
  towards: readonly (readonly [name: string, value: Value])[]
): void {
  const seed = graph.input(gradientOf(hook), of.type, of.shape)
  const values = towards.map(([, value]) => value)
  gradient(graph, of, seed, values).forEach((value, i) => graph.output(towards[i]![0], value))
}
