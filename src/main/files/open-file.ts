import type { BigIntStats } from 'node:fs'
import { lstat, type FileHandle } from 'node:fs/promises'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel, invalidFile } from './file-error.ts'
import { takeInHand } from './file-in-hand.ts'
import { checkInside, type FilePlace } from './folder.ts'
import { changed, gone, markOf, settledStats, type KnownFile } from './known-file.ts'
import { openRegular } from './open-regular.ts'
import { writtenLink } from './written-link.ts'

/** What is read from, and what errors call it. */
export interface ReadableFile {
  readonly handle: FileHandle
  readonly label: string
}

/** An open regular file. */
export interface OpenFile extends KnownFile, ReadableFile {}

/**
 * Opens a regular file for the time of `work`. A named pipe, device, socket, folder or link is refused
 * before it is opened, so that nothing hangs; what lies outside its place's roots once it is open is not read.
 * @throws LamellaError `not-found`, `file-unreadable` or `file-invalid`, also when it changes meanwhile
 */
export async function withFile<T>(
  place: FilePlace,
  work: (file: OpenFile) => Promise<T>
): Promise<T> {
  return withHandle(place, work, handle =>
    settledStats(place.label, () => handle.stat({ bigint: true }))
  )
}

/**
 * Opens a file again for the time of `work`.
 * @throws LamellaError `file-changed` unless it is the file that was opened, from before `work` until after it; `not-found`
 */
export async function withKnownFile<T>(
  known: KnownFile,
  work: (file: OpenFile) => Promise<T>
): Promise<T> {
  await lstat(known.path).catch((thrown: unknown) => {
    throw gone(known.label, thrown)
  })
  return withHandle(known, work, async handle => {
    const stats = await handle.stat({ bigint: true })
    if (markOf(stats) !== known.mark) throw changed(known.label)
    return stats
  })
}

/**
 * Fills `target` from a byte position on.
 * @throws LamellaError when the file ends before
 */
export async function readExactly(
  file: ReadableFile,
  position: number,
  target: Uint8Array
): Promise<void> {
  let done = 0
  while (done < target.length) {
    const length = Math.min(target.length - done, largestRead)
    const { bytesRead } = await file.handle.read(target, done, length, position + done)
    if (bytesRead === 0) throw endsBefore(file, position + done, position + target.length)
    done += bytesRead
  }
}

/** The error for a file that ends at a byte, where bytes up to another were expected. */
export function endsBefore({ label }: ReadableFile, got: number, end: number): LamellaError {
  return new LamellaError(
    'file-changed',
    `${fileLabel(label)}: the file ends at byte ${got}, but bytes up to ${end} were expected; it got shorter after it was opened`,
    'Open the model again.'
  )
}

/** One read call takes at most 2 GiB; smaller reads let other work in between. */
const largestRead = 64 << 20

async function withHandle<T>(
  place: FilePlace,
  work: (file: OpenFile) => Promise<T>,
  look: (handle: FileHandle) => Promise<BigIntStats>
): Promise<T> {
  const { path, label, roots } = place
  takeInHand(fileLabel(label))
  const handle = await openRegular(path, label)
  try {
    const stats = await look(handle)
    await checkInside(handle, place)
    if (stats.size === 0n) await checkEmpty(handle, label)
    if (stats.size <= pointerLimit) await refusePointer(handle, label)
    const mark = markOf(stats)
    const isChanged = async () => markOf(await handle.stat({ bigint: true })) !== mark
    try {
      const result = await work({ path, label, roots, size: Number(stats.size), mark, handle })
      if (await isChanged()) throw changed(label)
      return result
    } catch (thrown) {
      // What is wrong with a file that is being written is not what is wrong with it.
      if (toLamellaError(thrown).code !== 'cancelled' && (await isChanged())) throw changed(label)
      throw thrown
    }
  } catch (thrown) {
    throw isSystemError(thrown) ? fileError(label, thrown) : thrown
  } finally {
    await handle.close()
  }
}

/** In /proc what the system makes up as it is read has no size, and may have no end. */
async function checkEmpty(handle: FileHandle, label: string): Promise<void> {
  const { bytesRead } = await handle.read(new Uint8Array(1), 0, 1, 0)
  if (bytesRead > 0)
    throw invalidFile(
      label,
      'has no size, but holds something: it is no file on a disk',
      'Write what it gives into a file first.'
    )
}

/** @source Git LFS, docs/spec.md: a pointer begins with its version, and is shorter than 1024 bytes */
const pointerStart = 'version https://git-lfs.github.com/spec/'
const pointerLimit = 1024n

/** A few lines may stand in place of a large file that did not come along with the rest. */
async function refusePointer(handle: FileHandle, label: string): Promise<void> {
  const start = Buffer.alloc(Number(pointerLimit))
  const { bytesRead } = await handle.read(start, 0, start.length, 0)
  const text = start.toString('latin1', 0, bytesRead)
  if (text.startsWith(pointerStart))
    throw invalidFile(
      label,
      'is not downloaded yet: what is there is the pointer that Git LFS keeps in its place',
      'Run "git lfs pull" in its folder, then open it again.'
    )
  if (writtenLink.test(text))
    throw invalidFile(
      label,
      `is a link that was copied as a text: it says ${text.trim()}`,
      'Copy the folder with its links, or download the model again.'
    )
}

function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown
}
