import { rmSync } from 'node:fs'
import { type FileHandle, lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { isInside } from '../files/folder.ts'
import { ownName, sweepLeft } from '../files/left-behind.ts'
import { writeError } from '../files/write-error.ts'

/** Where the bytes of a file go, one piece after the other or to a place of their own. */
export interface FileWriter {
  append(bytes: Uint8Array): Promise<void>
  /** Writes over what lies at a place, or beyond the end. */
  writeAt(position: number, bytes: Uint8Array): Promise<void>
}

/**
 * Writes a file as a whole or not at all: beside its place first, which it takes when all is on the disk. What this
 * process has begun goes when it ends, and what killed ones left in the same folder goes first.
 * @param keep what it must not take the place of: files, also such as are not there yet, and folders with all that is in them
 * @throws LamellaError as `checkWritable` does; `file-unwritable` when it cannot be written; what `write` throws
 */
export async function writeWholeFile(
  path: string,
  write: (file: FileWriter) => Promise<void>,
  keep: readonly string[] = []
): Promise<void> {
  const whole = await beginWholeFile(path, keep)
  try {
    await write(writerTo(whole.file))
    await whole.place()
  } catch (error) {
    await whole.abandon()
    throw writeError(path, error, path)
  }
}

/** A file that is written beside its place. */
export interface WholeFile {
  /** Where it lies until it is whole. */
  readonly beside: string
  readonly file: FileHandle
  /**
   * Gives it its place once all of it is on the disk, so that no crash leaves anything but the old or the new one.
   * @param last is asked right before it does
   * @throws LamellaError as `checkWritable` does; what the system throws; what `last` throws
   */
  place(last?: () => Promise<void>): Promise<void>
  /** Removes it. */
  abandon(): Promise<void>
}

/**
 * Begins a file that takes its place when it is whole: for who writes it by other means than `writeWholeFile`.
 * @throws LamellaError as `checkWritable` does; `file-unwritable` when it cannot be written
 */
export async function beginWholeFile(
  path: string,
  keep: readonly string[] = []
): Promise<WholeFile> {
  await checkWritable(path, keep)
  const folder = dirname(resolve(path))
  await sweepParts(folder)
  const beside = join(folder, ownName(partOfFile))
  const file = await open(beside, 'wx').catch((error: unknown) => {
    throw writeError(path, error, path)
  })
  unfinished.add(beside)
  return {
    beside,
    file,
    async place(last) {
      const before = await lstat(path).catch(() => null)
      if (before !== null) await file.chmod(before.mode)
      await file.sync()
      await file.close()
      // What has come there meanwhile is looked at like what was there.
      await checkWritable(path, keep)
      await last?.()
      await rename(beside, path)
      unfinished.delete(beside)
      await syncFolder(folder)
    },
    async abandon() {
      await file.close().catch(() => undefined)
      await rm(beside, { force: true })
      unfinished.delete(beside)
    }
  }
}

/** A new name is on the disk once its folder is; Windows syncs no folders. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  try {
    await handle?.sync()
  } catch {
    // Some file systems have no such thing.
  } finally {
    await handle?.close()
  }
}

/**
 * Looks whether a file may be written, before anything is computed for it.
 * @throws LamellaError `not-found` when its folder is not there; `invalid-argument` when something is there that a
 * file must not take the place of: a link, a device, a folder, what is to be kept
 */
export async function checkWritable(path: string, keep: readonly string[] = []): Promise<void> {
  const folder = dirname(resolve(path))
  const of = await stat(folder).catch(() => null)
  if (of === null)
    throw new LamellaError(
      'not-found',
      `${folder}: there is no such folder`,
      'Make it first, or choose another place.'
    )
  const refuse = (why: string) => {
    throw new LamellaError('invalid-argument', `${path}: ${why}`, 'Choose another name.')
  }
  if (!of.isDirectory()) refuse(`${folder} is no folder`)
  const there = await lstat(path).catch(() => null)
  if (there === null) {
    const place = await realPlace(path)
    for (const kept of keep)
      if ((await realPlace(kept)) === place) refuse(`is the name of a file in use, ${kept}`)
    return
  }
  if (there.isSymbolicLink()) refuse('is a link, which is not written over')
  if (there.isDirectory()) refuse('is a folder')
  if (!there.isFile()) refuse('is no regular file, so it is not written over')
  for (const kept of keep)
    if (await holds(kept, path, there)) refuse(`is one of the files in use, of ${kept}`)
}

/** Where a file lies that may not be there yet, by whatever name of its folder; null where there is no such folder. */
async function realPlace(path: string): Promise<string | null> {
  const whole = resolve(path)
  const folder = await realpath(dirname(whole)).catch(() => null)
  return folder === null ? null : join(folder, basename(whole))
}

/** Whether a file is another one, or in a folder or the same as a file in it, by whatever name. */
async function holds(
  kept: string,
  path: string,
  file: { readonly dev: number; readonly ino: number }
): Promise<boolean> {
  const of = await stat(kept).catch(() => null)
  if (of === null) return false
  if (!of.isDirectory()) return of.dev === file.dev && of.ino === file.ino
  if (isInside(await realpath(kept), await realpath(path))) return true
  for (const name of await readdir(kept)) {
    const own = await stat(join(kept, name)).catch(() => null)
    if (own !== null && own.dev === file.dev && own.ino === file.ino) return true
  }
  return false
}

/** What a file is called until it is whole; it is written to all the while. */
const partOfFile = { prefix: '.lamella-', suffix: '.part', longestRest: 24 * 3_600_000 }

/** Removes what killed processes had begun in a folder. */
export function sweepParts(folder: string): Promise<void> {
  return sweepLeft(folder, partOfFile, rm)
}

/** Files of this process that are not whole. */
const unfinished = new Set<string>()
process.on('exit', () => {
  for (const path of unfinished) rmSync(path, { force: true })
})

function writerTo(file: FileHandle): FileWriter {
  let end = 0
  async function writeAt(position: number, bytes: Uint8Array): Promise<void> {
    // A single write may take less than it is given.
    for (let written = 0; written < bytes.length;) {
      const length = Math.min(bytes.length - written, 2 ** 30)
      written += (await file.write(bytes, written, length, position + written)).bytesWritten
    }
    end = Math.max(end, position + bytes.length)
  }
  return { writeAt, append: bytes => writeAt(end, bytes) }
}
