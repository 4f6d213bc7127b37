import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** How a file is written that takes another's place. */
export interface Replacement {
  /** Its permissions, less what the user's mask takes; for everybody when left out. */
  readonly mode?: number
  /** Whether it is on the disk before it takes its name, so that no crash leaves an empty one. */
  readonly lasts?: boolean
}

/**
 * Writes beside a file and renames over it, so that it is whole at any time. What it writes beside has a name of its own,
 * for another program may write the same file; `isUnfinished` knows such names.
 * @throws what the system throws, with nothing left beside
 */
export async function replaceFile(
  file: string,
  pieces: readonly (string | Uint8Array)[],
  { mode, lasts = false }: Replacement = {}
): Promise<void> {
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}.${randomUUID()}.new`)
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

/** Whether a file of this name was being written when its program died, or is so now. */
export function isUnfinished(name: string): boolean {
  return /\.\d+\.[0-9a-f-]{36}\.new$/.test(name)
}
