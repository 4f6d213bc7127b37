import type { EditAxis } from '#common/model/edit.ts'
import { axesOf, parseHookName } from '#common/model/hooks.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { neuronCount } from '../../architecture/mlp-parts.ts'

/** An axis of a hook's value. */
export interface HookAxis {
  /** As `common/model/hooks.ts` names it. */
  readonly name: string
  /** What edits call it. */
  readonly choice: EditAxis
  readonly length: number
}

/**
 * The axes of a hook's value for a text of `count` tokens.
 * @param hook its full name
 */
export function hookAxes(spec: TransformerSpec, hook: string, count: number): HookAxis[] {
  const address = parseHookName(hook)!
  const block = address.layer === null ? null : spec.blocks[address.layer]!
  const ofKeyValueHeads = /\.attn\.hook_(k|v|rot_k)$/.test(hook)
  const lengths: Readonly<Record<string, number>> = {
    pos: count,
    query: count,
    key: count,
    head: ofKeyValueHeads ? spec.nKeyValueHeads : spec.nHeads,
    d_head: spec.dHead,
    d_mlp: block === null ? 0 : neuronCount(block.mlp, spec.dMlp),
    expert: block?.mlp?.kind === 'experts' ? block.mlp.experts.length : 0,
    d_model: widthOf(spec, hook),
    d_vocab: spec.dVocab
  }
  return axesOf(address).map(name => ({
    name,
    choice: choiceOf(name),
    length: lengths[name]!
  }))
}

/** Positions are added to tokens once these are projected, where they are. */
function widthOf({ embedding, dModel }: TransformerSpec, hook: string): number {
  const isNarrow =
    hook === 'hook_embed' || (hook === 'hook_pos_embed' && embedding.projection?.of !== 'tokens')
  return isNarrow ? (embedding.width ?? dModel) : dModel
}

function choiceOf(axis: string): EditAxis {
  return axis === 'pos' || axis === 'query' || axis === 'key' || axis === 'head' ? axis : 'unit'
}
