import { constants } from 'node:fs'
import { lstat, open, type FileHandle } from 'node:fs/promises'
import { fileError } from './file-error.ts'
import { refuseIrregular } from './irregular.ts'

/**
 * Opens a regular file, and nothing that it would have to wait for; the caller closes it.
 * @param path its links resolved
 * @throws LamellaError `not-found`, `file-unreadable` or `file-invalid`
 */
export async function openRegular(path: string, label: string): Promise<FileHandle> {
  // Neither constant exists on Windows, where neither is needed.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>
  let handle: FileHandle | undefined
  try {
    // A device may act when it is opened, so look first; look again once it is open and cannot be swapped.
    refuseIrregular(await lstat(path), label)
    handle = await open(path, (O_RDONLY ?? 0) | O_NONBLOCK | O_NOFOLLOW)
    refuseIrregular(await handle.stat(), label)
    return handle
  } catch (thrown) {
    await handle?.close()
    throw fileError(label, thrown)
  }
}
