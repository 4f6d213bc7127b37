import { lstat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { OpenModels } from '../model/open-models.ts'
import { contentOf, isOnThisMachine, keptModel, type KeptModel, stateOf } from './kept-model.ts'

/** Places that are looked at for one model: each is read by a process of its own. */
const mostLooked = 6

/** Models that are looked for as a session opens. */
const mostSought = 20

/** The models of a session that are not where they were, no more of them than any session has. */
export async function* modelsToSeek(models: readonly KeptModel[]): AsyncGenerator<KeptModel> {
  let sought = 0
  for (const model of models) {
    if ((await stateOf(model)) === 'here') continue
    if (++sought > mostSought) return
    yield model
  }
}

/**
 * Looks for the very files of a model that are not where they were, as they were: at their own path (as a copy that was put
 * back), among the samples, beside the session, and where models of its name were opened before.
 * @param places folders in which it may lie under its own name
 * @param recent paths of models opened before
 * @returns it as it lies there; null where none has what it had
 */
export async function findModel(
  models: Pick<OpenModels, 'look'>,
  { info, content }: KeptModel,
  places: readonly string[],
  recent: readonly string[],
  signal: AbortSignal
): Promise<KeptModel | null> {
  const name = basename(info.path)
  const paths = [
    info.path,
    ...places.map(place => join(place, name)),
    ...recent.filter(path => basename(path) === name)
  ]
  let looked = 0
  for (const path of new Set(paths)) {
    if (looked >= mostLooked) return null
    if (!isOnThisMachine(path)) continue
    if ((await lstat(path).catch(() => null)) === null) continue
    looked++
    const model = await models.look(path, signal).catch(() => null)
    signal.throwIfAborted()
    if (model !== null && contentOf(model) === content) return keptModel(model)
  }
  return null
}

/** Where a model may lie that came with a session. */
export function placesBeside(sessionPath: string): string[] {
  const folder = dirname(sessionPath)
  return [folder, join(folder, 'models'), dirname(folder)]
}
