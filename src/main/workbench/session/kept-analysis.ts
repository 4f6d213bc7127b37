import type { CallContext } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import { blockHookName, hookOfPlace, placeOfHook } from '#common/model/hooks.ts'
import { isSameModel } from '#common/model/model-ref.ts'
import type { KeptValue } from '../../session/protocol.ts'
import type { OfValues } from '../analysis/of-values.ts'
import { type KeptSession, keptResult, keptValue } from './kept-session.ts'
import { isMadeAs } from './refs.ts'
import { requestKey } from './request-key.ts'

/**
 * What sessions have of what an analysis is asked: its result, or what it comes to of the values that they keep of a run.
 * @returns null where they have neither
 */
export async function keptAnalysis(
  ofValues: OfValues,
  sessions: readonly KeptSession[],
  request: AnalysisRequest,
  context: CallContext
): Promise<Dataset | null> {
  const key = requestKey(request)
  for (const session of sessions) {
    const found = await keptResult(session, key)
    if (found !== null) return found
  }
  for (const { models, runs } of sessions)
    for (const run of runs) {
      const info = models.find(({ info }) => isSameModel(info, run.source.model))?.info
      if (info === undefined || !isMadeAs(run, request.of)) continue
      const value = (hook: string, index?: number) => valueIn(sessions, run, hook, index)
      const made = await ofValues(request, { info, run, value }, context)
      if (made !== null) return made
    }
  return null
}

/** A value of a run that one of some sessions keeps, or a slice of its first axis. */
export async function valueIn(
  sessions: readonly KeptSession[],
  { id, source }: Pick<Run, 'id' | 'source'>,
  hook: string,
  index?: number
): Promise<KeptValue | null> {
  for (const name of namesOf(hook, source.edits))
    for (const session of sessions) {
      const found = await keptValue(session, id, name, index)
      if (found !== null) return found
    }
  return null
}

/** What a value may be kept as: what leaves a block enters the next as it is, unless it is edited there. */
function namesOf(hook: string, edits: readonly Edit[]): string[] {
  const place = placeOfHook(hook)
  if (place === null || place === 0) return [hook]
  const entering = blockHookName(place, 'hook_resid_pre')
  if (edits.some(edit => edit.hook === entering)) return [hook]
  return [hook, hook === entering ? hookOfPlace(place) : entering]
}
