import { InvalidArgumentError } from 'commander'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { addsFromRun, Edit } from '#common/model/edit.ts'
import { LamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { matchingHooks } from '#common/model/hooks.ts'

const example =
  '{"hook":"blocks.1.attn.hook_z","at":{"head":[3]},"scale":0,"add":"mean"}, with at of pos, query, key, head, unit'

/**
 * Reads an edit as it is typed: JSON whose other runs are of a `text` or of `tokens`.
 * @param before the edits typed so far
 * @throws InvalidArgumentError saying what is wrong with it
 */
export function editsWith(json: string, before: readonly Edit[] = []): Edit[] {
  let written: unknown
  try {
    written = JSON.parse(json)
  } catch (error) {
    throw new InvalidArgumentError(`It is no JSON: ${(error as Error).message}.`)
  }
  const edit = Edit.safeParse(withInputs(written), { reportInput: true })
  if (edit.success) return [...before, edit.data]
  throw new InvalidArgumentError(`${firstFault(edit.error)}. An edit is such as ${example}.`)
}

/**
 * The same with one edit for each hook that a pattern such as `blocks.*.attn.hook_z` matches; what is added from the
 * hooks of that pattern in another run comes from the hook itself.
 * @throws LamellaError `invalid-argument` naming the first pattern that matches none
 */
export function expandedEdits(
  edits: readonly Edit[],
  model: Pick<ModelInfo, 'name' | 'hooks'>
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

/** The same with `from: { text | tokens | input, edits }` as `from: { input, edits }`, which commands of figures have. */
function withInputs(edit: unknown): unknown {
  if (!isObject(edit) || !isObject(edit.add) || !isObject(edit.add.from)) return edit
  const { text, tokens, edits = [], input: given, ...rest } = edit.add.from
  if ([text, tokens, given].filter(own => own !== undefined).length > 1)
    throw new InvalidArgumentError('Its other run is of a text or of tokens, not of both.')
  const input = given ?? (text === undefined ? { ids: tokens } : { text })
  const inner = Array.isArray(edits) ? edits.map(withInputs) : edits
  return { ...edit, add: { hook: edit.hook, ...edit.add, from: { ...rest, input, edits: inner } } }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
