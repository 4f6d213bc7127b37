import { lstat, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openRegular } from './open-regular.ts'

/** What a link of the Hugging Face cache becomes where links are copied as texts. */
export const writtenLink = /^(\.\.\/)+blobs\/\w+\s*$/
const longest = 1024

/**
 * Where a link of the Hugging Face cache leads that was copied as a text; null for any other file, and where nothing lies there.
 * @param path its links resolved
 */
export async function behindWrittenLink(path: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null)
  if (!found?.isFile() || found.size > longest) return null
  const handle = await openRegular(path, path).catch(() => null)
  if (handle === null) return null
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(longest), 0, longest, 0)
    const text = buffer.toString('latin1', 0, bytesRead)
    if (!writtenLink.test(text)) return null
    return await realpath(join(dirname(path), text.trim())).catch(() => null)
  } finally {
    await handle.close()
  }
}
