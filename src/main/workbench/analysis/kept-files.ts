import { createHash } from 'node:crypto'
import { lstat, readdir, rm, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { Dataset } from '#common/data/dataset.ts'
import { makeFolder } from '../../files/make-folder.ts'
import { isUnfinished, replaceFile } from '../../files/replace-file.ts'
import { ownContent } from '../../files/whole-content.ts'
import { writeError } from '../../files/write-error.ts'
import type { KeptState } from '../../compute/protocol.ts'
import type { KeptCalls, KeptPlace } from './kept-protocol.ts'

/** Results and states in the files of a folder, each with a hash of what it is, whose, and its bytes. */
export type KeptFiles = {
  readonly [K in keyof KeptCalls]: (
    argument: KeptCalls[K]['argument']
  ) => Promise<KeptCalls[K]['result']>
}

export function keptFiles({ folder, limitBytes }: KeptPlace): KeptFiles {
  const fileOf = (key: string, kind: Kind) => join(folder, `${key}.${kind}`)

  /** @returns what was written as that; null where nothing is, or something else */
  async function read(key: string, kind: Kind): Promise<Buffer<ArrayBuffer> | null> {
    try {
      const path = fileOf(key, kind)
      const bytes = await ownContent(path, mostBytes)
      const body = bytes.subarray(hashBytes)
      if (!bytes.subarray(0, hashBytes).equals(hashOf(key, kind, [body]))) return null
      const now = new Date()
      await utimes(path, now, now).catch(() => undefined)
      return body
    } catch {
      return null
    }
  }

  async function write(
    key: string,
    kind: Kind,
    bodyOf: () => readonly Uint8Array[]
  ): Promise<string | null> {
    const path = fileOf(key, kind)
    try {
      const body = bodyOf()
      await makeFolder(folder)
      await replaceFile(path, [hashOf(key, kind, body), ...body], { mode: 0o600 })
      await shrink(folder, limitBytes, basename(path))
      return null
    } catch (error) {
      return writeError(folder, error).message
    }
  }

  return {
    async result({ key }) {
      const body = await read(key, 'dataset')
      try {
        return body === null ? null : withOwnArrays(Dataset.parse(deserialize(body)))
      } catch {
        return null
      }
    },

    async keepResult({ key, value }) {
      const refusal = await write(key, 'dataset', () => [serialize(value)])
      // Else the state is the nearest to it that there is.
      if (refusal === null) await rm(fileOf(key, 'state'), { force: true }).catch(() => undefined)
      return refusal
    },

    async state({ key }) {
      const body = await read(key, 'state')
      const end = body?.indexOf('\n') ?? -1
      if (body === null || end < 0) return null
      const { note, sha256 } = JSON.parse(body.toString('utf8', 0, end)) as KeptState
      return { note, sha256, bytes: new Uint8Array(body.subarray(end + 1)) }
    },

    keepState({ key, value: { note, sha256, bytes } }) {
      const head = Buffer.from(`${JSON.stringify({ note, sha256 })}\n`)
      return write(key, 'state', () => [head, bytes])
    }
  }
}

type Kind = 'dataset' | 'state'

const hashBytes = 32

/** What one read gives at most. */
const mostBytes = 2 ** 31 - 1

function hashOf(key: string, kind: Kind, body: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256').update(`${kind} ${key}\n`)
  for (const bytes of body) hash.update(bytes)
  return hash.digest()
}

/** What was read as one file is given as arrays each of which can leave by itself. */
function withOwnArrays(dataset: Dataset): Dataset {
  const own = Object.entries(dataset.variables).map(([name, variable]) => [
    name,
    { ...variable, data: variable.data.slice() }
  ])
  return { ...dataset, variables: Object.fromEntries(own) as Dataset['variables'] }
}

/**
 * Removes the files used longest ago until the others fit; the one just written stays, as does what is no file, or does
 * not go.
 */
async function shrink(folder: string, limitBytes: number, just: string): Promise<void> {
  // Not what another program is still writing.
  const names = (await readdir(folder)).filter(name => !isUnfinished(name))
  const found = await Promise.all(
    names.map(async name => ({ name, stats: await lstat(join(folder, name)).catch(() => null) }))
  )
  const files = found.flatMap(({ name, stats }) =>
    stats?.isFile() ? [{ name, bytes: stats.size, usedMs: stats.mtimeMs }] : []
  )
  let excess = files.reduce((sum, { bytes }) => sum + bytes, 0) - limitBytes
  for (const { name, bytes } of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (excess <= 0) return
    if (name === just) continue
    const isGone = await rm(join(folder, name), { force: true }).then(
      () => true,
      () => false
    )
    if (isGone) excess -= bytes
  }
}
