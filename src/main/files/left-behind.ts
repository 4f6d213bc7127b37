import { randomBytes } from 'node:crypto'
import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isElsewhere, isGone, processMark } from './process-mark.ts'

/** What processes leave in a folder when they are killed: files or folders whose names begin and end so. */
export interface Leaving {
  readonly prefix: string
  /** Empty where the system itself makes up the end of a name. */
  readonly suffix: string
  /**
   * What nobody has written to for so long is left, also by a process that cannot be seen from here, such as one from before
   * the system was started again; in ms.
   */
  readonly longestRest: number
}

/** Rests of what is used for as long as its process lives, in ms. */
export const aWeek = 7 * 24 * 3_600_000

/** The beginning of a name that says whose it is: its end is to be made up. */
export function ownPrefix({ prefix }: Leaving): string {
  return `${prefix}${processMark()}-`
}

/** A name that says whose it is, and that nobody can guess. */
export function ownName(leaving: Leaving): string {
  return `${ownPrefix(leaving)}${randomBytes(8).toString('hex')}${leaving.suffix}`
}

/**
 * Removes what processes that are gone left in a folder: this user's own, and no links. When in doubt a thing stays, as
 * does what cannot be removed; a folder that cannot be read is left.
 * @param remove how; with all that is in it when left out
 */
export async function sweepLeft(
  folder: string,
  { prefix, suffix, longestRest }: Leaving,
  remove: (path: string) => unknown = path => rm(path, { recursive: true, force: true })
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(prefix) || !name.endsWith(suffix)) continue
    const [, mark] = /^(.+)-\w+$/.exec(name.slice(prefix.length, name.length - suffix.length)) ?? []
    if (mark === undefined) continue
    const path = join(folder, name)
    const found = await lstat(path).catch(() => null)
    if (found === null || found.isSymbolicLink()) continue
    const isAtRest = Date.now() - found.mtimeMs > longestRest
    if (!isGone(mark) && !(isElsewhere(mark) && isAtRest)) continue
    if (found.uid !== (process.getuid?.() ?? found.uid)) continue
    try {
      await remove(path)
    } catch {
      // The next start tries again.
    }
  }
}
