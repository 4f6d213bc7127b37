import type { CallContext } from '#common/contract/rpc.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { isSameModel } from '#common/model/model-ref.ts'
import type { Tensor } from '#common/model/tensor.ts'
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
      const value = (hook: string, index?: number) => valueIn(sessions, run.id, hook, index)
      const made = await ofValues(request, { info, run, value }, context)
      if (made !== null) return made
    }
  return null
}

/** A value of a run that one of some sessions keeps, or a slice of its first axis. */
export async function valueIn(
  sessions: readonly KeptSession[],
  run: string,
  hook: string,
  index?: number
): Promise<Tensor | null> {
  for (const session of sessions) {
    const found = await keptValue(session, run, hook, index)
    if (found !== null) return found.value
  }
  return null
}
