import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ownName, sweepLeft } from './left-behind.ts'

/** How a file is written that takes another's place. */
export interface Replacement {
  /** Its permissions, less what the user's mask takes; for everybody when left out. */
  readonly mode?: number
  /** Whether it is on the disk before it takes its name, so that no crash leaves an empty one. */
  readonly lasts?: boolean
}

/**
 * Writes beside a file and renames over it, so that it is whole at any time. What it writes beside has a name of its own,
 * for another program may write the same file.
 * @throws what the system throws, with nothing left beside
 */
export async function replaceFile(
  file: string,
  pieces: readonly (string | Uint8Array)[],
  { mode, lasts = false }: Replacement = {}
): Promise<void> {
  const beside = besideOf(file)
  try {
    const written = await open(beside, 'wx', mode)
    try {
      for (const piece of pieces) await written.writeFile(piece)
      if (lasts) await written.sync()
    } finally {
      await written.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
}

/** What is being written, or was when its program died: it is written to all the while. */
const unfinished = { prefix: '.lamella-', suffix: '.new', longestRest: 600_000 }

/** A name beside a file for what takes its place, or was in it and goes. */
export function besideOf(file: string): string {
  return join(dirname(file), ownName(unfinished))
}

/** Whether a file of this name is being written, or was when its program died. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(unfinished.prefix) && name.endsWith(unfinished.suffix)
}

/** Removes what programs that died were writing in a folder. */
export function sweepUnfinished(folder: string): Promise<void> {
  return sweepLeft(folder, unfinished, rm)
}
