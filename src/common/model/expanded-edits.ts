import { addsFromRun, type Edit } from './edit.ts'
import { LamellaError } from './errors.ts'
import { matchingHooks } from './hooks.ts'

/**
 * The same with one edit for each hook that a pattern such as `blocks.*.attn.hook_z` matches; what is added from the
 * hooks of that pattern in another run comes from the hook itself.
 * @throws LamellaError `invalid-argument` naming the first pattern that matches none
 */
export function expandedEdits(
  edits: readonly Edit[],
  model: { readonly name: string; readonly hooks: readonly string[] }
): Edit[] {
  return edits.flatMap(edit => {
    const { hook: pattern } = edit
    const hooks = pattern.includes('*') ? matchingHooks(pattern, model.hooks) : [pattern]
    if (hooks.length === 0)
      throw new LamellaError(
        'invalid-argument',
        `edit of ${pattern}: matches no hook of ${model.name}`,
        'info --json lists its hooks.'
      )
    return hooks.map(hook => {
      const { add } = edit
      if (!addsFromRun(add)) return { ...edit, hook }
      const from = { ...add.from, edits: expandedEdits(add.from.edits, model) }
      return { ...edit, hook, add: { ...add, hook: add.hook === pattern ? hook : add.hook, from } }
    })
  })
}
