import { mkdir, rmdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeError } from './write-error.ts'

/**
 * Makes a folder that nobody else may read, and those above it where there are none; one that is there stays as it is.
 * Node's own `recursive` tries for ever in folders such as /proc, which are there and take no other.
 * @param made takes those that it makes, also where it fails then, the outermost first
 * @throws what the system throws
 */
export async function makeFolder(path: string, made: string[] = []): Promise<void> {
  if (await isFolder(path)) return
  if (dirname(path) !== path) await makeFolder(dirname(path), made)
  try {
    await mkdir(path, { mode: 0o700 })
    made.push(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await isFolder(path))) throw error
  }
}

/**
 * Does something in a folder that is made where there is none. Afterwards the folders that were made for it are gone again, but
 * for those that something is in.
 * @throws LamellaError `file-unwritable` when it cannot be made; what `use` throws
 */
export async function inMadeFolder<T>(path: string, use: () => Promise<T>): Promise<T> {
  const made: string[] = []
  try {
    await makeFolder(path, made).catch((error: unknown) => {
      throw writeError(path, error, path)
    })
    return await use()
  } finally {
    for (const own of made.toReversed()) await rmdir(own).catch(() => undefined)
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    stats => stats.isDirectory(),
    () => false
  )
}
