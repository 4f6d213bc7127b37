import { constants } from 'node:fs'
import { lstat, open, type FileHandle } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { LamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel, invalidFile } from './file-error.ts'

/** An open regular file; `path` is free of links. */
export interface OpenFile {
  readonly path: string
  /** What errors call it. */
  readonly label: string
  readonly handle: FileHandle
  readonly size: number
  readonly modifiedMs: number
}

/**
 * Opens a regular file for the time of `work`. A named pipe, device, socket, folder or link is refused
 * before it is opened, so that nothing hangs.
 * @param path absolute, with its links resolved
 * @param label what errors call it: in the Hugging Face cache a path ends in a hash
 * @throws LamellaError `not-found`, `file-unreadable` or `file-invalid`
 */
export async function withFile<T>(
  path: string,
  work: (file: OpenFile) => Promise<T>,
  label = path
): Promise<T> {
  const handle = await openRegular(path, label)
  try {
    const { size, mtimeMs } = await handle.stat()
    return await work({ path, label, handle, size, modifiedMs: mtimeMs })
  } catch (thrown) {
    throw isSystemError(thrown) ? fileError(label, thrown) : thrown
  } finally {
    await handle.close()
  }
}

/**
 * Fills `target` from a byte position on.
 * @throws LamellaError when the file ends before
 */
export async function readExactly(
  file: OpenFile,
  position: number,
  target: Uint8Array
): Promise<void> {
  let done = 0
  while (done < target.length) {
    const length = Math.min(target.length - done, largestRead)
    const { bytesRead } = await file.handle.read(target, done, length, position + done)
    if (bytesRead === 0) {
      const end = position + target.length
      const got = position + done
      throw new LamellaError(
        'file-unreadable',
        `${fileLabel(file.label)}: the file ends at byte ${got}, but bytes up to ${end} were expected; it got shorter after it was opened`,
        'Open the model again.'
      )
    }
    done += bytesRead
  }
}

/** One read call takes at most 2 GiB; smaller reads let other work in between. */
const largestRead = 64 << 20

async function openRegular(path: string, label: string): Promise<FileHandle> {
  // Neither constant exists on Windows, where neither is needed.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>
  let handle: FileHandle | undefined
  try {
    // A device may act when it is opened, so look first; look again once it is open and cannot be swapped.
    refuseIrregular(label, await lstat(path))
    handle = await open(path, (O_RDONLY ?? 0) | O_NONBLOCK | O_NOFOLLOW)
    refuseIrregular(label, await handle.stat())
    return handle
  } catch (thrown) {
    await handle?.close()
    throw fileError(label, thrown)
  }
}

function refuseIrregular(label: string, stats: Stats): void {
  if (stats.isFile()) return
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a named pipe'
      : stats.isSocket()
        ? 'a socket'
        : stats.isSymbolicLink()
          ? 'a link'
          : 'a device'
  throw invalidFile(label, `is ${kind}, not a file`)
}

function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown
}
