/**
 * Names of the values a forward pass computes, in TransformerLens's classic form. `{l}` is the block.
 * The axes stand behind each name. A model has those that its kind computes: `hook_rot_q` and `hook_rot_k`,
 * queries and keys after they turned, with rotary positions; `hook_pre_linear`, what the activated gate is
 * multiplied with, in a gated MLP; `hook_mid`, what the activation gives, where `hook_post` is the norm of it; no
 * `hook_resid_mid` where attention and MLP are parallel. `ln1` and `ln2` are the first norm of the attention's half and of
 * the MLP's, wherever it stands. With post-norms,
 * `hook_resid_mid` and `hook_resid_post` are after them. Keys and values are of the key/value heads.
 * `hook_q`, `hook_k` and `hook_v` are within the model's bounds, where it has any. `hook_result` is each head's z · W_O;
 * with b_O their sum is what attention gives. `hook_attn_out` and `hook_mlp_out` are what is added to the residual: after
 * norms and the factor of it, where there are any.
 * Where a block has no MLP, `hook_mlp_out` is 0, and no other hook of one is there.
 * Rows of a pattern sum to 1, less what an attention sink takes.
 * The neurons of experts lie one expert after the other, a shared one last, as those of one wide MLP: `hook_post` is
 * times the weight of the expert, 0 of those that are not chosen, so that `hook_post` · W_out is what all add.
 * `hook_router_scores` is what the router gives of each expert, `hook_router` the weights that come of it.
 */
export const blockHooks = {
  hook_resid_pre: ['pos', 'd_model'],
  'ln1.hook_normalized': ['pos', 'd_model'],
  'attn.hook_q': ['pos', 'head', 'd_head'],
  'attn.hook_k': ['pos', 'head', 'd_head'],
  'attn.hook_v': ['pos', 'head', 'd_head'],
  'attn.hook_rot_q': ['pos', 'head', 'd_head'],
  'attn.hook_rot_k': ['pos', 'head', 'd_head'],
  'attn.hook_attn_scores': ['head', 'query', 'key'],
  'attn.hook_pattern': ['head', 'query', 'key'],
  'attn.hook_z': ['pos', 'head', 'd_head'],
  'attn.hook_result': ['pos', 'head', 'd_model'],
  hook_attn_out: ['pos', 'd_model'],
  hook_resid_mid: ['pos', 'd_model'],
  'ln2.hook_normalized': ['pos', 'd_model'],
  'mlp.hook_router_scores': ['pos', 'expert'],
  'mlp.hook_router': ['pos', 'expert'],
  'mlp.hook_pre': ['pos', 'd_mlp'],
  'mlp.hook_pre_linear': ['pos', 'd_mlp'],
  'mlp.hook_mid': ['pos', 'd_mlp'],
  'mlp.hook_post': ['pos', 'd_mlp'],
  hook_mlp_out: ['pos', 'd_model'],
  hook_resid_post: ['pos', 'd_model']
} as const

export type BlockHook = keyof typeof blockHooks

/** Values outside the blocks. */
const modelHooks = {
  hook_embed: ['pos', 'd_model'],
  hook_pos_embed: ['pos', 'd_model'],
  'ln_final.hook_normalized': ['pos', 'd_model'],
  logits: ['pos', 'd_vocab']
} as const

export type ModelHook = keyof typeof modelHooks

/** A hook name taken apart. */
export type HookAddress =
  | { readonly layer: number; readonly hook: BlockHook }
  | { readonly layer: null; readonly hook: ModelHook }

/** The full name of one block's hook, such as `blocks.3.attn.hook_pattern`. */
export function blockHookName(layer: number, hook: BlockHook): string {
  return `blocks.${layer}.${hook}`
}

/** Whether a hook, by its full name, is the residual stream between blocks. */
export function isResidual(hook: string): boolean {
  return /hook_resid_(pre|post)$/.test(hook)
}

/**
 * The residual streams by their places, from 0 of what enters the first block: as each block reads it, and as the last one
 * leaves it.
 */
export function residualStreams(nLayers: number): string[] {
  return [...inEachBlock('hook_resid_pre', nLayers), hookOfPlace(nLayers)]
}

/** The hook of what enters the first block, place 0, or of what a block leaves. */
export function hookOfPlace(place: number): string {
  return place === 0
    ? blockHookName(0, 'hook_resid_pre')
    : blockHookName(place - 1, 'hook_resid_post')
}

/** The place whose residual stream a hook has; null of one that is no stream between blocks. */
export function placeOfHook(hook: string): number | null {
  const address = parseHookName(hook)
  if (address?.hook === 'hook_resid_pre') return address.layer
  return address?.hook === 'hook_resid_post' ? address.layer + 1 : null
}

/** A hook of every block, from the first on. */
export function inEachBlock(hook: BlockHook, nLayers: number): string[] {
  return Array.from({ length: nLayers }, (_, layer) => blockHookName(layer, hook))
}

/** Takes a full hook name apart; null when no hook is called so. */
export function parseHookName(name: string): HookAddress | null {
  if (Object.hasOwn(modelHooks, name)) return { layer: null, hook: name as ModelHook }
  const [, layer, hook] = /^blocks\.(\d+)\.(.+)$/.exec(name) ?? []
  if (layer === undefined || hook === undefined || !Object.hasOwn(blockHooks, hook)) return null
  return { layer: Number(layer), hook: hook as BlockHook }
}

/** What the axes of a hook's value count, in order. */
export function axesOf(address: HookAddress): readonly string[] {
  return address.layer === null ? modelHooks[address.hook] : blockHooks[address.hook]
}

/**
 * The hooks that match any of the comma-separated patterns; `*` stands for any run of characters.
 * @param hooks full names
 * @example matchingHooks('blocks.*.attn.hook_pattern,logits', info.hooks)
 */
export function matchingHooks(patterns: string, hooks: readonly string[]): string[] {
  const tests = patterns.split(',').map(
    pattern =>
      new RegExp(
        `^${pattern
          .trim()
          .split(/\*+/)
          .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}$`
      )
  )
  return hooks.filter(name => tests.some(test => test.test(name)))
}
