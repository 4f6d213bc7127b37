import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { ownPrefix, type Leaving } from './left-behind.ts'

/** A folder that goes with what it was made for. */
export interface TemporaryFolder {
  readonly path: string
  /** Removes it with all that is in it. */
  remove(): void
}

/**
 * Makes a temporary folder, which this process removes at its end at the latest. Nobody else may read it, it was not there
 * before, and its name cannot be guessed; `sweepLeft` knows it by that once this process was killed.
 * @throws LamellaError `file-unwritable` naming the parent
 */
export function temporaryFolder(leaving: Leaving, parent = tmpdir()): TemporaryFolder {
  const path = makeIn(parent, leaving)
  const remove = () => rmSync(path, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    path,
    remove() {
      process.off('exit', remove)
      remove()
    }
  }
}

function makeIn(parent: string, leaving: Leaving): string {
  try {
    return mkdtempSync(join(parent, ownPrefix(leaving)))
  } catch (error) {
    const { code = String(error) } = error as { code?: string }
    throw new LamellaError(
      'file-unwritable',
      `${parent}: no temporary folder can be made there (${code})`,
      'Set TMPDIR to a folder that can be written.'
    )
  }
}
