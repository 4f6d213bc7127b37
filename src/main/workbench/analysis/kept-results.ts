import { webcrypto } from 'node:crypto'
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { Dataset } from '#common/data/dataset.ts'
import { makeFolder } from '../../files/make-folder.ts'
import { isUnfinished, replaceFile } from '../../files/replace-file.ts'
import { ownContent } from '../../files/whole-content.ts'
import { writeError } from '../../files/write-error.ts'
import type { KeptState } from '../../compute/protocol.ts'

/**
 * Results of analyses, and how far those that have not ended have come, in a folder: disposable, bounded, the ones used
 * longest ago go first. What is damaged, or lies where another's was, is as good as not there. A full disk keeps nothing,
 * and fails nothing.
 */
export interface KeptResults {
  result(key: string): Promise<Dataset | null>
  keepResult(key: string, result: Dataset): Promise<void>
  state(key: string): Promise<KeptState | null>
  keepState(key: string, state: KeptState): Promise<void>
}

/** @param refused is told why something could not be kept */
export function createKeptResults(
  folder: string,
  limitBytes: number,
  refused: (message: string) => void
): KeptResults {
  const fileOf = (key: string, kind: Kind) => join(folder, `${key}.${kind}`)

  /** @returns what was written as that; null where nothing is, or something else */
  async function read(key: string, kind: Kind): Promise<Buffer<ArrayBuffer> | null> {
    try {
      const path = fileOf(key, kind)
      const bytes = await ownContent(path, mostBytes)
      const body = bytes.subarray(hashBytes)
      if (!bytes.subarray(0, hashBytes).equals(await hashOf(key, kind, body))) return null
      const now = new Date()
      await utimes(path, now, now).catch(() => undefined)
      return body
    } catch {
      return null
    }
  }

  async function write(key: string, kind: Kind, body: Uint8Array): Promise<void> {
    const path = fileOf(key, kind)
    try {
      await makeFolder(folder)
      await replaceFile(path, [await hashOf(key, kind, body), body], { mode: 0o600 })
      await shrink(folder, limitBytes, basename(path))
    } catch (error) {
      refused(writeError(folder, error).message)
    }
  }

  return {
    async result(key) {
      const body = await read(key, 'dataset')
      try {
        return body === null ? null : Dataset.parse(deserialize(body))
      } catch {
        return null
      }
    },

    async keepResult(key, result) {
      await write(key, 'dataset', serialize(result))
      await rm(fileOf(key, 'state'), { force: true }).catch(() => undefined)
    },

    async state(key) {
      const body = await read(key, 'state')
      const end = body?.indexOf('\n') ?? -1
      if (body === null || end < 0) return null
      const { note, sha256 } = JSON.parse(body.toString('utf8', 0, end)) as KeptState
      return { note, sha256, bytes: new Uint8Array(body.subarray(end + 1)) }
    },

    async keepState(key, { note, sha256, bytes }) {
      const head = Buffer.from(`${JSON.stringify({ note, sha256 })}\n`)
      await write(key, 'state', Buffer.concat([head, bytes]))
    }
  }
}

type Kind = 'dataset' | 'state'

const hashBytes = 32

/** What one read gives at most. */
const mostBytes = 2 ** 31 - 1

/** Of some bytes, what they are and whose; beside this thread. */
async function hashOf(key: string, kind: Kind, body: Uint8Array): Promise<Buffer> {
  const all = Buffer.concat([Buffer.from(`${kind} ${key}\n`), body])
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', all))
}

/** Removes the files used longest ago until the others fit; the one just written stays. */
async function shrink(folder: string, limitBytes: number, just: string): Promise<void> {
  // Not what another program is still writing.
  const names = (await readdir(folder)).filter(name => !isUnfinished(name))
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
