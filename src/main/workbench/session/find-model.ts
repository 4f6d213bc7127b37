import { lstat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CallContext } from '#common/contract/rpc.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { bytesText } from '#common/text/number-text.ts'
import { fileError } from '../../files/file-error.ts'
import type { FileHashes } from '../model/file-hashes.ts'
import type { OpenModels } from '../model/open-models.ts'
import {
  filesToCompare,
  holdTheSame,
  isOnThisMachine,
  keptElsewhere,
  type KeptModel,
  stateOf
} from './kept-model.ts'

/** Places that are looked at for one model: each is read by a process of its own. */
const mostLooked = 6

/** Models that are looked for as a session opens. */
const mostSought = 20

/** Files of more than these are read whole where a person says that it is they. */
const mostBytesUnasked = 2 ** 30

/** The models of a session that are not where they were, no more of them than any session has. */
export async function* modelsToSeek(models: readonly KeptModel[]): AsyncGenerator<KeptModel> {
  let sought = 0
  for (const model of models) {
    if ((await stateOf(model)) === 'here') continue
    if (++sought > mostSought) return
    yield model
  }
}

/** A model as it lies elsewhere, or null; and what may be it, but was not taken. */
export interface Sought {
  readonly found: KeptModel | null
  readonly notes: readonly string[]
}

/**
 * Looks for the very files of a model that are not where they were, as they were: at their own path (as a copy that was put
 * back), among the samples, beside the session, and where models of its name were opened before.
 * @param places folders in which it may lie under its own name
 * @param recent paths of models opened before
 */
export async function findModel(
  models: Pick<OpenModels, 'look'>,
  hashes: FileHashes,
  kept: KeptModel,
  places: readonly string[],
  recent: readonly string[],
  context: CallContext
): Promise<Sought> {
  const { name: shown, path: own } = kept.info
  const name = basename(own)
  // Of no model, and a folder above those that are looked in.
  if (['', '.', '..'].includes(name)) return { found: null, notes: [] }
  const paths = [
    own,
    ...places.map(place => join(place, name)),
    ...recent.filter(path => basename(path) === name)
  ]
  const notes: string[] = []
  let looked = 0
  for (const path of new Set(paths)) {
    if (looked >= mostLooked) break
    if (!isOnThisMachine(path)) continue
    /** What cannot be read may be it; nothing lies where nothing is found. */
    const unread = (thrown: unknown) => {
      context.signal.throwIfAborted()
      const { code, message } = toLamellaError(thrown)
      if (code !== 'not-found')
        notes.push(`${shown}: what lies at ${path} cannot be read: ${message}`)
      return null
    }
    const there = await lstat(path).catch((error: Error) => unread(fileError(path, error)))
    if (there === null) continue
    looked++
    const model = await models.look(path, context.signal).catch(unread)
    context.signal.throwIfAborted()
    const compared = model === null ? 'another' : filesToCompare(kept, model)
    if (model === null || compared === 'another') continue
    if (compared === 'unknown') {
      notes.push(`${shown}: what lies at ${path} may be it; ${cannotBeTold}`)
      continue
    }
    const bytes = compared.reduce((sum, [{ size }]) => sum + size, 0)
    if (bytes > mostBytesUnasked) {
      const whole = bytesText(bytes)
      notes.push(`${shown}: what lies at ${path} may be it; point to it to have ${whole} compared`)
      continue
    }
    const isSame = await holdTheSame(compared, hashes, context).catch(unread)
    context.signal.throwIfAborted()
    if (isSame) return { found: keptElsewhere(kept, model), notes: [] }
  }
  return { found: null, notes }
}

/** Why a copy is not known to be what a session was made of. */
export const cannotBeTold =
  'whether it is cannot be told, for its files were not read whole when the session was saved'

/** Where a model may lie that came with a session. */
export function placesBeside(sessionPath: string): string[] {
  const folder = dirname(sessionPath)
  return [folder, join(folder, 'models'), dirname(folder)]
}
