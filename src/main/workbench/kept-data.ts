import { lstat, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import type { Handlers } from '#common/contract/rpc.ts'
import type { KeptData } from '#common/contract/schemas.ts'
import { isUnfinished } from '../files/replace-file.ts'
import { writeError } from '../files/write-error.ts'
import type { TraceCache } from '../trace/cache.ts'
import { isCacheFile } from '../trace/files.ts'
import { dataFiles, dataFolders, type DataFolder } from './data-folder.ts'

/** What the data folder holds, and how what is disposable of it goes. */
export function createKeptData(
  data: DataFolder,
  cache: TraceCache
): { readonly handlers: Pick<Handlers, 'data.info' | 'data.clear'> } {
  const folder = data.path

  async function info(): Promise<KeptData> {
    const files = await filesIn(folder)
    const own = files.filter(({ path }) => isDisposable(path))
    return { folder, bytes: total(files), disposableBytes: total(own) }
  }

  function isDisposable(path: string): boolean {
    return isOfCache(path) || isComputed(path)
  }

  function isOfCache(path: string): boolean {
    return dirname(path) === folder && isCacheFile(basename(path))
  }

  function isComputed(path: string): boolean {
    const isResult = path.startsWith(join(folder, dataFolders.analyses) + sep)
    return isResult || path === join(folder, dataFiles.hashes)
  }

  return {
    handlers: {
      'data.info': info,
      async 'data.clear'() {
        data.retried()
        for (const { path } of await filesIn(folder)) {
          if (!isComputed(path)) continue
          await rm(path, { force: true }).catch((error: unknown) => {
            throw writeError(path, error)
          })
        }
        // Last: it may need the room that the others took.
        await cache.clear()
        return info()
      }
    }
  }
}

interface KeptFile {
  readonly path: string
  readonly bytes: number
}

/** All files below a folder but those still being written; none where it cannot be read. */
async function filesIn(folder: string): Promise<KeptFile[]> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names.map(async (name): Promise<KeptFile[]> => {
      const path = join(folder, name)
      const stat = await lstat(path).catch(() => null)
      if (stat?.isDirectory()) return filesIn(path)
      return stat?.isFile() && !isUnfinished(name) ? [{ path, bytes: stat.size }] : []
    })
  )
  return found.flat()
}

function total(files: readonly KeptFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}
