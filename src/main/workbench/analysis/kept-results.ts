import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { Dataset } from '#common/data/dataset.ts'
import type { KeptState } from '../../compute/protocol.ts'
import { makeFolder } from '../../files/make-folder.ts'

/**
 * Results of analyses, and how far those that have not ended have come, in a folder: disposable, bounded, the ones used
 * longest ago go first. What is damaged is as good as not there. A full disk keeps nothing, and fails nothing.
 */
export interface KeptResults {
  result(key: string): Promise<Dataset | null>
  keepResult(key: string, result: Dataset): Promise<void>
  state(key: string): Promise<KeptState | null>
  keepState(key: string, state: KeptState): Promise<void>
}

export function createKeptResults(folder: string, limitBytes: number): KeptResults {
  let writes = 0

  async function read(name: string): Promise<Buffer<ArrayBuffer> | null> {
    try {
      const path = join(folder, name)
      const bytes = await readFile(path)
      const now = new Date()
      await utimes(path, now, now)
      return bytes
    } catch {
      return null
    }
  }

  async function write(name: string, ...pieces: Uint8Array[]): Promise<void> {
    const path = join(folder, name)
    const temporary = `${path}.${process.pid}.${writes++}.tmp`
    try {
      await makeFolder(folder)
      await writeFile(temporary, pieces)
      await rename(temporary, path)
      await shrink(folder, limitBytes, name)
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined)
    }
  }

  return {
    async result(key) {
      const bytes = await read(`${key}.dataset`)
      if (bytes === null) return null
      const body = bytes.subarray(hashBytes)
      if (!bytes.subarray(0, hashBytes).equals(sha256(body))) return null
      try {
        return Dataset.parse(deserialize(body))
      } catch {
        return null
      }
    },

    async keepResult(key, result) {
      const body = serialize(result)
      await write(`${key}.dataset`, sha256(body), body)
      await rm(join(folder, `${key}.state`), { force: true }).catch(() => undefined)
    },

    async state(key) {
      const bytes = await read(`${key}.state`)
      const end = bytes?.indexOf('\n') ?? -1
      if (bytes === null || end < 0) return null
      try {
        const { note, sha256 } = JSON.parse(bytes.toString('utf8', 0, end)) as KeptState
        return { note, sha256, bytes: new Uint8Array(bytes.subarray(end + 1)) }
      } catch {
        return null
      }
    },

    async keepState(key, { note, sha256, bytes }) {
      const head = Buffer.from(`${JSON.stringify({ note, sha256 })}\n`)
      await write(`${key}.state`, head, bytes)
    }
  }
}

const hashBytes = 32

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Removes the files used longest ago until the others fit; the one just written stays. */
async function shrink(folder: string, limitBytes: number, just: string): Promise<void> {
  const names = await readdir(folder)
  const files = await Promise.all(
    names.map(async name => {
      const found = await stat(join(folder, name)).catch(() => null)
      return { name, bytes: found?.size ?? 0, usedMs: found?.mtimeMs ?? 0 }
    })
  )
  let excess = files.reduce((sum, { bytes }) => sum + bytes, 0) - limitBytes
  for (const { name, bytes } of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (excess <= 0) return
    if (name === just) continue
    await rm(join(folder, name), { force: true })
    excess -= bytes
  }
}
