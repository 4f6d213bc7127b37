import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TreeFile } from '#common/analysis/head-sequences/headvis-tree.ts'
import { LamellaError } from '#common/model/errors.ts'
import { writeWholeFile } from '../export/whole-file.ts'
import { makeFolder } from '../files/make-folder.ts'
import { writeError } from '../files/write-error.ts'

/**
 * Makes the folder of a tree, before anything is computed for it.
 * @throws LamellaError `invalid-argument` when something is in it, `file-unwritable` when it cannot be made
 */
export async function treeFolder(path: string): Promise<void> {
  try {
    await makeFolder(path)
    if ((await readdir(path)).length === 0) return
  } catch (error) {
    throw writeError(path, error, path)
  }
  throw new LamellaError(
    'invalid-argument',
    `${path}: something is in that folder, and nothing is written over`,
    'Choose an empty folder, or a new one.'
  )
}

/** Writes files of a tree, each whole or not at all. @throws LamellaError `file-unwritable` */
export async function writeTree(folder: string, files: Iterable<TreeFile>): Promise<number> {
  const encoder = new TextEncoder()
  let count = 0
  for (const { path, json } of files) {
    const place = join(folder, path)
    try {
      await makeFolder(dirname(place))
    } catch (error) {
      throw writeError(place, error, place)
    }
    const bytes = encoder.encode(`${JSON.stringify(json)}\n`)
    await writeWholeFile(place, file => file.append(bytes))
    count++
  }
  return count
}
