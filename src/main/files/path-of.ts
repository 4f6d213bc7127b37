import type { FileHandle } from 'node:fs/promises'
import { readlink, realpath, stat } from 'node:fs/promises'

/**
 * Where an open file lies, links resolved. Linux tells it of the open file itself, and no link that is put in its
 * path meanwhile deceives it. Elsewhere the path it was opened by is followed once more and has to lead to the same
 * file: a link that comes and goes twice between the looks may go unseen.
 * @param path what it was opened by
 * @returns null when that path leads to another file by now
 */
export async function pathOf(handle: FileHandle, path: string): Promise<string | null> {
  if (process.platform === 'linux') {
    const told = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => null)
    if (told !== null) return told
  }
  return pathAgain(handle, path)
}

/** As `pathOf` does it where the system tells no path of an open file. */
export async function pathAgain(handle: FileHandle, path: string): Promise<string | null> {
  const opened = await handle.stat({ bigint: true })
  const real = await realpath(path).catch(() => null)
  const now = real === null ? null : await stat(real, { bigint: true }).catch(() => null)
  return now?.dev === opened.dev && now.ino === opened.ino ? real : null
}
