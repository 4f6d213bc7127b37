import { crc32 } from 'node:zlib'
import { z } from 'zod'
import type { CallContext } from '#common/contract/rpc.ts'
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
   * Reads files one after the other, each in a thread of its own, unless its hash is known. Of those that were read before
   * it ended early the hashes are known, too.
   * @returns hexadecimal, for each file
   * @throws LamellaError `file-changed` when one is not the file that was opened; what it is cancelled with
   */
  of(files: readonly KnownFile[], context: CallContext): Promise<string[]>
}

const Known = z.array(z.object({ file: z.string(), sha256: z.string(), crc32: z.number() }))
type Known = z.infer<typeof Known>

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
    async of(files, context) {
      const total = files.reduce((sum, { size }) => sum + size, 0)
      let start = 0
      // A damaged one is as good as none.
      const whole = (await known.read()).filter(each => each.crc32 === checksum(each))
      const before = new Map(whole.map(({ file, sha256 }) => [file, sha256]))
      const hashes: string[] = []
      const made: Known = []
      try {
        for (const wanted of files) {
          const file = nameOf(wanted)
          const found = before.get(file)
          const tell = (bytes: number) =>
            context.progress({ label: `Hashing ${wanted.label}`, done: start + bytes, total })
          const sha256 = found ?? (await hashed(wanted, context.signal, tell))
          if (found === undefined) made.unshift({ file, sha256, crc32: checksum({ file, sha256 }) })
          hashes.push(sha256)
          start += wanted.size
        }
        return hashes
      } finally {
        // What cannot be kept is only read again.
        if (made.length > 0)
          await known.change(before => merged(made, before)).catch(() => undefined)
      }
    }
  }
}

/** What the system tells a file by, and where it lies, for such numbers are given again. */
function nameOf({ mark, path }: KnownFile): string {
  return `${mark} ${path}`
}

function merged(made: Known, before: Known): Known {
  const names = new Set(made.map(({ file }) => file))
  return [...made, ...before.filter(({ file }) => !names.has(file))].slice(0, mostKnown)
}

/** Of what is said, and of which file. */
function checksum({ file, sha256 }: { readonly file: string; readonly sha256: string }): number {
  return crc32(JSON.stringify([file, sha256]))
}
