import { crc32 } from 'node:zlib'
import { z } from 'zod'
import type { KnownFile } from '../../files/known-file.ts'
import { startThread } from '../../threads/thread.ts'
import { stored } from '../stored.ts'

/** What a hashing thread does: the next piece of a file, up to its end. */
export interface HashCalls {
  piece: {
    argument: { readonly file: KnownFile; readonly from: number }
    /** Null until the file has ended. */
    result: { readonly end: number; readonly sha256: string | null }
  }
}

/** SHA-256 of whole files, each read once for as long as it stays the same file. */
export interface FileHashes {
  /**
   * Reads a file in a thread of its own, unless its hash is known.
   * @param progress is told how many bytes are read so far
   * @returns hexadecimal
   * @throws LamellaError `file-invalid` when it is not the file that was opened; what `signal` is aborted with
   */
  of(file: KnownFile, signal: AbortSignal, progress: (bytes: number) => void): Promise<string>
}

const Known = z.array(z.object({ file: z.string(), sha256: z.string(), crc32: z.number() }))

/** Files whose hashes are kept, those hashed last first. */
const mostKnown = 10_000

/**
 * @param entry the module that a hashing thread runs
 * @param kept where hashes are kept
 */
export function createFileHashes(entry: string, kept: string): FileHashes {
  const known = stored(kept, Known, [])

  async function hashed(
    file: KnownFile,
    signal: AbortSignal,
    progress: (bytes: number) => void
  ): Promise<string> {
    const thread = startThread<HashCalls>(entry, { name: 'Lamella hash', does: 'hashes it' })
    try {
      for (let from = 0; ;) {
        signal.throwIfAborted()
        progress(from)
        const { end, sha256 } = await thread.ask('piece', { file, from })
        if (sha256 !== null) return sha256
        from = end
      }
    } finally {
      thread.stop()
    }
  }

  return {
    async of(file, signal, progress) {
      // What the system tells a file by, and where it lies, for such numbers are given again.
      const name = `${file.mark} ${file.path}`
      const found = (await known.read()).find(({ file }) => file === name)
      // A damaged one is as good as none.
      if (found !== undefined && found.crc32 === checksum(found)) return found.sha256
      const sha256 = await hashed(file, signal, progress)
      const own = { file: name, sha256, crc32: checksum({ file: name, sha256 }) }
      // One that cannot be kept is only read again.
      await known
        .change(before => [own, ...before.filter(each => each.file !== name)].slice(0, mostKnown))
        .catch(() => undefined)
      return sha256
    }
  }
}

/** Of what is said, and of which file. */
function checksum({ file, sha256 }: { readonly file: string; readonly sha256: string }): number {
  return crc32(JSON.stringify([file, sha256]))
}
