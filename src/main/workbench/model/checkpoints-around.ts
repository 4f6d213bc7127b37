import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { CheckpointFolder } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import { isModelWeights, shardName, weightsEnding } from '../../checkpoint/weights-file.ts'
import { fileError, fileLabel, quoted } from '../../files/file-error.ts'
import { isModelFolder } from './model-folder.ts'

/** So that a folder of endless files is left early. */
const entryLimit = 20_000

/** More are told apart in no picture, and take days. */
const mostCheckpoints = 2000

/** Something in a folder that has a step in its name. */
interface Entry {
  readonly name: string
  readonly path: string
  /** The name with its numbers taken out: checkpoints of one training have one form. */
  readonly form: string
  readonly step: number
  /** It could be opened, as far as names tell. */
  readonly isModel: boolean
}

/**
 * The checkpoints of one training: those in a folder, else those beside the one that is at a path.
 * @throws LamellaError `not-found` where there are none, `file-unreadable`
 */
export async function checkpointsAround(
  path: string,
  signal: AbortSignal
): Promise<CheckpointFolder> {
  const own = resolve(path)
  const found = await stat(own).catch((thrown: unknown) => {
    throw fileError(own, thrown)
  })
  const inside = found.isDirectory() ? await checkpointsIn(own, null, signal) : null
  if (inside !== null) return inside
  const form = stepOf(basename(own))?.form
  const beside = form === undefined ? null : await checkpointsIn(dirname(own), form, signal)
  if (beside !== null) return beside
  throw new LamellaError(
    'not-found',
    `${fileLabel(own)}: holds no checkpoints, and is none of several`,
    'Checkpoints are folders or files of weights that are named alike and by their steps, such as checkpoint-500 or step_500.safetensors.'
  )
}

/** @param form of the names; null for the one that most have */
async function checkpointsIn(
  folder: string,
  form: string | null,
  signal: AbortSignal
): Promise<CheckpointFolder | null> {
  const { entries, others } = await entriesOf(folder, form, signal)
  const models = entries.filter(({ isModel }) => isModel)
  const byForm = [...Map.groupBy(models, ({ form }) => form)]
  const [most] = byForm.toSorted(([, a], [, b]) => b.length - a.length)
  const chosen = form ?? most?.[0]
  const own = entries.filter(entry => entry.form === chosen).sort((a, b) => a.step - b.step)
  if (!own.some(({ isModel }) => isModel)) return null
  if (own.length > mostCheckpoints)
    throw new LamellaError(
      'unsupported',
      `${fileLabel(folder)}: holds ${own.length} checkpoints, and at most ${mostCheckpoints} are read`,
      'Move those that matter to a folder of their own.'
    )
  const like = quoted(own[0]!.name)
  return {
    path: folder,
    checkpoints: own.map(({ name, path, step }) => ({ name, path, step })),
    left: [
      ...models
        .filter(entry => entry.form !== chosen)
        .map(({ name }) => `${quoted(name)}: is not named as ${like} is`),
      ...others.map(name => `${quoted(name)}: has no step in its name`)
    ]
  }
}

/**
 * What has a step in its name, and models that have none. Files of a model's folder, such as shards, are no checkpoints.
 * @param form of the names that are looked for; null for all
 */
async function entriesOf(folder: string, form: string | null, signal: AbortSignal) {
  const entries: Entry[] = []
  const others: string[] = []
  let seen = 0
  try {
    for await (const entry of await opendir(folder)) {
      signal.throwIfAborted()
      if (++seen > entryLimit)
        throw new LamellaError(
          'unsupported',
          `${fileLabel(folder)}: holds more than ${entryLimit} files`
        )
      const { name } = entry
      if (name.startsWith('.')) continue
      const step = stepOf(name)
      // A folder of much else is not looked through for the checkpoints beside one.
      if (form !== null && step?.form !== form) continue
      const path = join(folder, name)
      const isFolder = await isFolderAt(path, entry)
      if (!isFolder && (step === null || !isModelWeights(name) || shardName.test(name))) continue
      const isModel = !isFolder || (await isModelFolder(path))
      if (step !== null) entries.push({ name, path, isModel, ...step })
      else if (isModel) others.push(name)
    }
  } catch (thrown) {
    signal.throwIfAborted()
    throw fileError(folder, thrown)
  }
  return { entries, others }
}

/** Also of a link to one. */
async function isFolderAt(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

/** The step in a name: the number after the word, else the last; null where there is none. */
function stepOf(name: string): Pick<Entry, 'form' | 'step'> | null {
  const stem = name.replace(weightsEnding, '')
  const digits = /step[-_=]?(\d{1,15})/i.exec(stem)?.[1] ?? /(\d{1,15})\D*$/.exec(stem)?.[1]
  if (digits === undefined) return null
  return { form: name.replaceAll(/\d+/g, '#'), step: Number(digits) }
}
