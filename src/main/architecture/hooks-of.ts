import { blockHookName, blockHooks, type BlockHook } from '#common/model/hooks.ts'
import type { BlockSpec, TransformerSpec } from '#common/model/spec.ts'
import { isGated, isNormed } from './mlp-parts.ts'

/** The full names of the hooks that a model has, in the order they are computed. */
export function hooksOf({ embedding, blocks, finalNorm, unembedding }: TransformerSpec): string[] {
  return [
    'hook_embed',
    ...(embedding.positions === null ? [] : ['hook_pos_embed']),
    ...blocks.flatMap((block, layer) =>
      blockHooksOf(block).map(hook => blockHookName(layer, hook))
    ),
    ...(finalNorm === null ? [] : ['ln_final.hook_normalized']),
    ...(unembedding === null ? [] : ['logits'])
  ]
}

/** The hooks that a block has. */
export function blockHooksOf({ parallel, norms, attention, mlp }: BlockSpec): BlockHook[] {
  const rotary = attention.positions?.kind === 'rotary'
  const has: Partial<Record<BlockHook, boolean>> = {
    'ln1.hook_normalized': Boolean(norms.attentionIn ?? norms.attentionOut ?? norms.afterAttention),
    'attn.hook_rot_q': rotary,
    'attn.hook_rot_k': rotary,
    hook_resid_mid: !parallel,
    'ln2.hook_normalized': Boolean(norms.mlpIn ?? norms.mlpOut ?? norms.afterMlp),
    'mlp.hook_router_scores': mlp?.kind === 'experts',
    'mlp.hook_router': mlp?.kind === 'experts',
    'mlp.hook_pre': mlp !== null,
    'mlp.hook_pre_linear': mlp !== null && isGated(mlp),
    'mlp.hook_mid': mlp !== null && isNormed(mlp),
    'mlp.hook_post': mlp !== null
  }
  return (Object.keys(blockHooks) as BlockHook[]).filter(hook => has[hook] ?? true)
}
