import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { checkWritable } from '../../export/whole-file.ts'
import { ownPaths } from '../../workbench/data-folder.ts'
import { isModelFolder, wouldBeRead } from '../../workbench/model/model-folder.ts'
import { dataFolderOf } from '../paths.ts'
import { userPath } from './input.ts'

/** A file that a command writes. */
export interface OutputFile {
  readonly path: string
  /** What it must not take the place of. */
  readonly keep: readonly string[]
}

/**
 * Where a command writes to, looked at before anything is computed for it: not in place of the models, the texts and what
 * Lamella keeps, nor as what a model would be read by from then on.
 * @param out as the user typed it, as are
 * @param models each by its folder or by a file in it
 * @param texts paths of files and folders
 * @throws LamellaError when nothing can be written there
 */
export async function outputFile(
  out: string,
  models: readonly string[],
  texts: readonly string[]
): Promise<OutputFile> {
  const path = userPath(out)
  const folders = await Promise.all(models.map(folderOf))
  const keep = [...folders, ...texts, ...(await ownPaths(dataFolderOf(process.env)))]
  await checkWritable(path, keep)
  await checkBesideModel(path, folders)
  return { path, keep }
}

async function folderOf(model: string): Promise<string> {
  const path = userPath(model)
  const found = await stat(path).catch(() => null)
  return found?.isFile() ? dirname(path) : path
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
