import { InvalidArgumentError } from 'commander'
import { Edit } from '#common/model/edit.ts'
import { firstFault } from '#common/model/first-fault.ts'

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
