import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { LamellaError } from '#common/model/errors.ts'

/** Where the bytes of a file go, one piece after the other or to a place of their own. */
export interface FileWriter {
  append(bytes: Uint8Array): Promise<void>
  /** Writes over what lies at a place, or beyond the end. */
  writeAt(position: number, bytes: Uint8Array): Promise<void>
}

/**
 * Writes a file as a whole or not at all: beside `path` first, which takes its place when all is on the disk.
 * @throws LamellaError `file-unreadable` when it cannot be written; what `write` throws
 */
export async function writeWholeFile(
  path: string,
  write: (file: FileWriter) => Promise<void>
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'wx').catch((error: Error) => {
    throw unwritable(path, error)
  })
  try {
    await write(writerTo(file))
    await file.sync()
    await file.close()
    await rename(temporary, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw error instanceof LamellaError ? error : unwritable(path, error as Error)
  }
}

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

function unwritable(path: string, { message }: Error): LamellaError {
  return new LamellaError('file-unreadable', `${path}: cannot be written: ${message}`)
}
