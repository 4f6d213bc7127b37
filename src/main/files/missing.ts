import { lstat } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { fileError } from './file-error.ts'

/** How long one path may take, in ms. */
const patience = 300
/** Each path on a disk that does not answer holds one of the few threads that all files are read in. */
const mostHeld = 2

/**
 * Looks which of some files are there no more, without waiting for a disk that does not answer: what is on it is not known, and
 * not looked at again before it answers.
 * @param look as `lstat` does
 */
export function missingFiles(
  look: (path: string) => Promise<unknown> = lstat
): (paths: readonly string[]) => Promise<string[]> {
  const held = new Set<string>()

  async function isMissing(path: string): Promise<boolean> {
    if (held.size >= mostHeld || held.has(path)) return false
    held.add(path)
    const found = look(path)
      .then(() => false)
      .catch((error: unknown) => fileError(path, error).code === 'not-found')
      .finally(() => held.delete(path))
    return Promise.race([found, setTimeout(patience, false, { ref: false })])
  }

  return async paths => {
    const missing: string[] = []
    for (const path of paths) if (await isMissing(path)) missing.push(path)
    return missing
  }
}
