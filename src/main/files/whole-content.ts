import { realpath } from 'node:fs/promises'
import { fileLabel, invalidFile } from './file-error.ts'
import type { FilePlace } from './folder.ts'
import { readExactly, withFile, type ReadableFile } from './open-file.ts'
import { openRegular } from './open-regular.ts'

/**
 * All that a regular file holds.
 * @throws LamellaError `file-invalid` when it is larger than the limit, or as `withFile` does
 */
export function wholeContent(place: FilePlace, limitBytes: number): Promise<Buffer<ArrayBuffer>> {
  return withFile(place, file => contentOf(file, file.size, limitBytes))
}

/**
 * All that a file of the program's own holds, which whoever writes it replaces whole: what is opened stays as it is,
 * whatever takes its place meanwhile.
 * @throws Error when it is not there, is no regular file, or is larger than the limit
 */
export async function ownContent(path: string, limitBytes: number): Promise<Buffer<ArrayBuffer>> {
  const handle = await openRegular(await realpath(path), path)
  try {
    const { size } = await handle.stat()
    return await contentOf({ handle, label: path }, size, limitBytes)
  } finally {
    await handle.close()
  }
}

async function contentOf(
  file: ReadableFile,
  size: number,
  limitBytes: number
): Promise<Buffer<ArrayBuffer>> {
  if (size > limitBytes)
    throw invalidFile(
      fileLabel(file.label),
      `${size} bytes exceed the limit of ${limitBytes} for such a file`
    )
  const content = Buffer.alloc(size)
  await readExactly(file, 0, content)
  return content
}
