import { LamellaError } from '#common/model/errors.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { BlockSpec, NormSpec, TransformerSpec } from '#common/model/spec.ts'
import { add, mul, zerosLike } from '../../graph/expressions.ts'
import { createGraph, type Graph, type Value } from '../../graph/graph.ts'
import { blockHooksOf } from '../hooks-of.ts'
import type { TensorTable } from '../tensor-table.ts'
import { attention } from './attention.ts'
import { inputsOf } from './inputs.ts'
import { mlp } from './mlp.ts'
import { constructionOf, type Construction } from './construction.ts'
import { norm } from './weights.ts'

/**
 * The graph of one block.
 *
 * Inputs: `hook_resid_pre` [pos, d_model], what `blockInputs` and `seenKeys` of block-inputs.ts give, and of each edited hook what
 * `constructionOf` says. Outputs: the hooks of `common/model/hooks.ts` that the block has but the input, under their
 * names within the block.
 * @param results whether `attn.hook_result` is among them; it is where it is edited
 * @param afterPast whether the tokens come after others, whose keys and values are inputs, `past_k` and `past_v`
 *   [past, kv_head, d_head]; those of all are outputs, `present_k` and `present_v` [past+pos, kv_head, d_head]. Keys of
 *   scores and patterns are then [past+pos].
 * @throws LamellaError `invalid-argument` when the block has no such hook as an edited one
 */
export function buildBlock(
  spec: TransformerSpec,
  layer: number,
  tensors: TensorTable,
  { edited = new Set(), results = false, afterPast = false }: BlockFlow = {}
): Graph {
  checkHooks(spec, layer, edited)
  const graph = createGraph()
  block(constructionOf(graph, tensors, { edited, results }), spec, layer, afterPast)
  return graph
}

export interface BlockFlow {
  readonly edited?: ReadonlySet<BlockHook>
  readonly results?: boolean
  readonly afterPast?: boolean
}

/** @throws LamellaError `invalid-argument` naming the first hook that the block does not have */
export function checkHooks(spec: TransformerSpec, layer: number, hooks: Iterable<BlockHook>): void {
  const has = blockHooksOf(blockOf(spec, layer))
  for (const hook of hooks)
    if (!has.includes(hook))
      throw new LamellaError('invalid-argument', `${blockHookName(layer, hook)}: no such hook`)
}

/**
 * One block, from `hook_resid_pre`.
 * @returns the residual that leaves it, [pos, d_model]
 */
export function block(
  within: Construction,
  spec: TransformerSpec,
  layer: number,
  afterPast = false
): Value {
  const of = blockOf(spec, layer)
  const { norms, parallel, residualScale } = of
  const scaled = (x: Value) => (residualScale === 1 ? x : mul(x, residualScale))
  const residPre = within.entry('hook_resid_pre', ['pos', spec.dModel])
  const inputs = inputsOf(within, spec, of, afterPast)
  const ln1 = normsOfHalf(within, 'ln1.hook_normalized')
  const ln2 = normsOfHalf(within, 'ln2.hook_normalized')

  const attentionIn = ln1(residPre, norms.attentionIn)
  const attentionOut = attention(within, spec, of.attention, attentionIn, inputs)
  const attnOut = within.hook('hook_attn_out', scaled(ln1(attentionOut, norms.attentionOut)))
  const residMid = parallel
    ? residPre
    : within.hook('hook_resid_mid', ln1(add(residPre, attnOut), norms.afterAttention))

  const mlpIn = ln2(residMid, norms.mlpIn)
  const mlpGives = of.mlp === null ? zerosLike(mlpIn) : mlp(within, of.mlp, mlpIn, spec.dMlp)
  const mlpOut = within.hook('hook_mlp_out', scaled(ln2(mlpGives, norms.mlpOut)))
  const sum = add(parallel ? add(residPre, attnOut) : residMid, mlpOut)
  return within.hook('hook_resid_post', ln2(sum, norms.afterMlp))
}

/** The norms of a half of the block, in their order; what the first of them gives is a hook. */
function normsOfHalf(within: Construction, hook: BlockHook) {
  let isFirst = true
  return (x: Value, by: NormSpec | null): Value => {
    if (by === null) return x
    const value = norm(within, x, by)
    const flowing = isFirst ? within.hook(hook, value) : value
    isFirst = false
    return flowing
  }
}

function blockOf(spec: TransformerSpec, layer: number): BlockSpec {
  const of = spec.blocks[layer]
  if (of === undefined) throw new RangeError(`no block ${layer} of ${spec.blocks.length}`)
  return of
}
