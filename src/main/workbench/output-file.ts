import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { checkWritable } from '../export/whole-file.ts'
import { ownPaths } from './data-folder.ts'
import { isModelFolder, wouldBeRead } from './model/model-folder.ts'

/** A file that is written where a person said. */
export interface OutputFile {
  readonly path: string
  /** What it must not take the place of. */
  readonly keep: readonly string[]
}

/** What an output must not be written over. */
export interface Spared {
  /** Paths of models, each by its folder or by a file in it. */
  readonly models: readonly string[]
  /** Paths of files and folders. */
  readonly texts: readonly string[]
  /** What Lamella keeps. */
  readonly dataFolder: string
}

/**
 * Where something is written to, looked at before anything is computed for it: not in place of the models, the texts and what
 * Lamella keeps, nor as what a model would be read by from then on.
 * @param path absolute
 * @throws LamellaError when nothing can be written there
 */
export async function outputFile(
  path: string,
  { models, texts, dataFolder }: Spared
): Promise<OutputFile> {
  const folders = await Promise.all(models.map(folderOf))
  const keep = [...folders, ...texts, ...(await ownPaths(dataFolder))]
  await checkWritable(path, keep)
  await checkBesideModel(path, folders)
  return { path, keep }
}

async function folderOf(model: string): Promise<string> {
  const found = await stat(model).catch(() => null)
  return found?.isFile() ? dirname(model) : model
}

async function checkBesideModel(path: string, models: readonly string[]): Promise<void> {
  const folder = await realpath(dirname(path))
  const own = await Promise.all(models.map(model => realpath(model).catch(() => null)))
  if (!own.includes(folder) && !(await isModelFolder(folder))) return
  if (await wouldBeRead(folder, basename(path)))
    throw new LamellaError(
      'invalid-argument',
      `${path}: the model in that folder would be read by a file of this name, too`,
      'Choose another name or folder.'
    )
}
