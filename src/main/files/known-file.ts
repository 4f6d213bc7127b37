import type { BigIntStats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { LamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel } from './file-error.ts'
import type { FilePlace } from './folder.ts'

/** A file as it was when it was opened: plain data, by which it is opened again, and nothing else in its place. */
export interface KnownFile extends FilePlace {
  readonly size: number
  /** What the system tells it by: another one for any other file, and once anything of it has changed. */
  readonly mark: string
}

/**
 * The mark of a file: device, inode, size, and when its content (which programs can set back) and anything of it
 * (which they cannot) changed last. FAT has neither an inode nor the second time. What another program writes through a
 * mapping of memory shows once the system writes it out; on tmpfs it never does, so that there a model which is rewritten
 * so while it is open has the mark of the one before, and values of both may be mixed. Whoever opens it anew has
 * another fingerprint where the bytes sampled are others.
 */
export function markOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

/**
 * A file by its place, unopened.
 * @throws LamellaError `not-found` or `file-unreadable`
 */
export async function knownFile({ path, label, roots }: FilePlace): Promise<KnownFile> {
  try {
    const stats = await settledStats(label, () => lstat(path, { bigint: true }))
    return { path, label, roots, size: Number(stats.size), mark: markOf(stats) }
  } catch (thrown) {
    throw fileError(label, thrown)
  }
}

/**
 * Looks whether a file is still the one that was opened.
 * @throws LamellaError `file-changed`, or `not-found` or `file-unreadable`, naming the file
 */
export async function checkUnchanged({ path, label, mark }: KnownFile): Promise<void> {
  const now = await lstat(path, { bigint: true }).catch((thrown: unknown) => {
    throw gone(label, thrown)
  })
  if (markOf(now) !== mark) throw changed(label)
}

/** The error for a file that was opened and cannot be reached any more. */
export function gone(label: string, thrown: unknown): LamellaError {
  const error = fileError(label, thrown)
  if (error.code !== 'not-found') return error
  return new LamellaError(
    error.code,
    `${fileLabel(label)}: is no longer where it was opened`,
    'Put it back, or open the model where it is now.'
  )
}

/** The error for a file that is not, or no more, the one that was opened. */
export function changed(label: string): LamellaError {
  return new LamellaError(
    'file-changed',
    `${fileLabel(label)}: changed since it was opened`,
    'Open the model again.'
  )
}

/** Two changes closer together than this may have the same time: systems stamp with a coarse clock. In ms. */
const clockTick = 20
const longestWait = 1000

/**
 * What the system says of a file whose last change is past, so that any later one has another time. Where the
 * clock of a file system is ahead of this machine's, that is not known.
 * @throws LamellaError `file-unreadable` when it is being written all the time
 */
export async function settledStats(
  label: string,
  look: () => Promise<BigIntStats>
): Promise<BigIntStats> {
  for (let waited = 0; waited < longestWait; waited += clockTick) {
    const stats = await look()
    const age = Date.now() - Number(stats.ctimeNs / 1_000_000n)
    if (age < 0 || age > clockTick) return stats
    await delay(clockTick)
  }
  throw new LamellaError(
    'file-unreadable',
    `${fileLabel(label)}: is being written`,
    'Open it again once it is whole.'
  )
}
