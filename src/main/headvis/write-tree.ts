import { readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TreeFile } from '#common/analysis/head-sequences/headvis-tree.ts'
import { LamellaError } from '#common/model/errors.ts'
import { writeWholeFile } from '../export/whole-file.ts'
import { inMadeFolder, makeFolder } from '../files/make-folder.ts'
import { writeError } from '../files/write-error.ts'

/**
 * Does what makes a tree in a folder that is new or empty; one that was new is gone again where nothing came into it.
 * @throws LamellaError `invalid-argument` when something is in it, `file-unwritable` when it cannot be made; what `use` throws
 */
export function inTreeFolder<T>(path: string, use: () => Promise<T>): Promise<T> {
  return inMadeFolder(path, async () => {
    const held = await readdir(path).catch((error: unknown) => {
      throw writeError(path, error, path)
    })
    if (held.length > 0)
      throw new LamellaError(
        'invalid-argument',
        `${path}: something is in that folder, and nothing is written over`,
        'Choose an empty folder, or a new one.'
      )
    return use()
  })
}

/** Writes the files of a tree, some at a time. */
export interface TreeWriter {
  /**
   * Writes files, each whole or not at all.
   * @returns how many
   * @throws LamellaError `file-unwritable`
   */
  write(files: Iterable<TreeFile>): Promise<number>
  /** Removes what it wrote, and the folders that it made: what is left would stand in the way of the next one. */
  undo(): Promise<void>
}

/** @param folder as `inTreeFolder` has it */
export function treeWriter(folder: string): TreeWriter {
  const encoder = new TextEncoder()
  const written: string[] = []
  /** Folders, the outermost first. */
  const made: string[] = []

  return {
    async write(files) {
      let count = 0
      for (const { path, json } of files) {
        const place = join(folder, path)
        try {
          await makeFolder(dirname(place), made)
        } catch (error) {
          throw writeError(place, error, place)
        }
        const bytes = encoder.encode(`${JSON.stringify(json)}\n`)
        await writeWholeFile(place, file => file.append(bytes))
        written.push(place)
        count++
      }
      return count
    },
    async undo() {
      for (const place of written.splice(0)) await rm(place, { force: true })
      for (const own of made.splice(0).toReversed()) await rmdir(own).catch(() => undefined)
    }
  }
}
