import type { HandlerContext } from '#common/contract/rpc.ts'
import type { KeptWish } from '#common/contract/session.ts'
import { pastKey } from '#common/model/library.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import { sessionLimits } from '#common/model/session.ts'
import type { OpenModels } from '../model/open-models.ts'
import type { Absences } from './absences.ts'
import { standInId } from './absent.ts'
import type { KeptSession } from './kept-session.ts'
import { refsOf } from './refs.ts'
import { requestKey } from './request-key.ts'

/**
 * What a session is wished to keep, and what its file has of models in whose place others are open or stand in, as after their
 * files changed: nobody can compute that again, and nothing in a window that goes on with the others asks for it. What was
 * deleted of it stays deleted.
 */
export function withReplaced(
  {
    models,
    absences
  }: { readonly models: Pick<OpenModels, 'openBy'>; readonly absences: Absences },
  wish: KeptWish,
  before: KeptSession | null,
  { client }: Pick<HandlerContext, 'client'>
): KeptWish {
  const known = before?.models.map(({ info }) => info) ?? []
  const open: readonly ModelRef[] = [
    ...models.openBy(client).map(({ info }) => info),
    ...known.filter(info => absences.of(client, standInId(info)) !== null)
  ]
  const isReplaced = (ref: ModelRef) =>
    open.some(({ path }) => path === ref.path) && !open.some(info => isSameModel(info, ref))
  if (before === null || !known.some(isReplaced)) return wish
  // Those of past runs are wished for already, but for what was deleted.
  const listed = new Set(before.content.runs.map(pastKey))
  const runs = before.runs.filter(run => isReplaced(run.source.model) && !listed.has(pastKey(run)))
  const asked = new Set(wish.results.map(requestKey))
  const results = [...before.results]
    .filter(([key, { request }]) => refsOf(request).some(isReplaced) && !asked.has(key))
    .map(([, { request }]) => request)
  return {
    ...wish,
    runs: [...wish.runs, ...runs.map(({ source }) => source)].slice(0, sessionLimits.runs),
    results: [...wish.results, ...results].slice(0, sessionLimits.results)
  }
}
