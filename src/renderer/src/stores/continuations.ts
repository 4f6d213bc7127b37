import type { Generated, Run } from '#common/contract/schemas.ts'
import { Edit } from '#common/model/edit.ts'
import { blockHookName } from '#common/model/hooks.ts'
import { useClient } from './client.ts'
import type { Asked } from './results.ts'
import { headName, type Head } from './selection.ts'

/** Tokens that are told of how a text goes on. */
export const mostTokens = 40

/** How a run's text goes on, by the most probable token each time; with a head off where one is named. */
export function continuationOf({ modelId, source }: Run, without: Head | null): Asked<Generated> {
  const off = without === null ? [] : [zeroed(without)]
  const name = without === null ? 'the model' : `${headName(without.layer, without.head)} off`
  const own = { ...source, edits: [...source.edits, ...off] }
  return {
    name: 'generate',
    params: { source: own, max: mostTokens },
    of: modelId,
    modelId,
    label: `Going on with ${name.toLowerCase()}`,
    load: options => useClient().call('runs.generate', { source: own, max: mostTokens }, options),
    bytes: ({ prompt, continuation }) => 200 * (prompt.length + continuation.length)
  }
}

function zeroed({ layer, head }: Head): Edit {
  return Edit.parse({ hook: blockHookName(layer, 'attn.hook_z'), at: { head: [head] }, scale: 0 })
}
