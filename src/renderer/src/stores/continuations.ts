import type { Generated, Run } from '#common/contract/schemas.ts'
import { Edit } from '#common/model/edit.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Sampling } from '#common/model/sampling.ts'
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

/** How a text is gone on with. */
export interface Going {
  readonly max: number
  /** Null: the most probable token each time. */
  readonly sampling: Sampling | null
  /** Tokens that were chosen to come first, by their ids. */
  readonly path: readonly number[]
}

/** Of each step the so many most probable tokens are told. */
export const candidatesTold = 10

/** How a run's text goes on, after some tokens that were chosen, with what else might have come. */
export function generationOf(
  { modelId, source, tokens }: Run,
  { max, sampling, path }: Going
): Asked<Generated> {
  const own = { ...source, input: { ids: [...tokens.map(({ id }) => id), ...path] } }
  const params = { source: own, max, sampling, top: candidatesTold }
  return {
    name: 'generate',
    params,
    of: modelId,
    modelId,
    label: 'Going on with the text',
    load: options => useClient().call('runs.generate', params, options),
    bytes: ({ prompt, continuation }) =>
      200 * (prompt.length + (1 + candidatesTold) * continuation.length)
  }
}

function zeroed({ layer, head }: Head): Edit {
  return Edit.parse({ hook: blockHookName(layer, 'attn.hook_z'), at: { head: [head] }, scale: 0 })
}
