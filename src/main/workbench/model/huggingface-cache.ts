import { opendir, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { CachedModel } from '#common/contract/schemas.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { fileInFolder, openFolder } from '../../files/folder.ts'
import { readExactly, withFile } from '../../files/open-file.ts'
import { isWeightsName } from '../../checkpoint/weights-file.ts'

/** So that a cache of any size, on a disk of any speed, is listed soon. */
const modelLimit = 500
const snapshotLimit = 100
const fileLimit = 1000
const timeLimit = 1500

/**
 * Where Hugging Face's libraries keep what they downloaded.
 * @source huggingface_hub, constants.py
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  home = homedir()
): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment
  if (HF_HUB_CACHE) return HF_HUB_CACHE
  return join(HF_HOME || join(XDG_CACHE_HOME || join(home, '.cache'), 'huggingface'), 'hub')
}

/** The models in the cache that can be opened, by name; none when there is no cache. */
export async function cachedModels(folder: string, signal?: AbortSignal): Promise<CachedModel[]> {
  const end = performance.now() + timeLimit
  const found: CachedModel[] = []
  const entries = await opendir(folder).catch(() => null)
  for await (const { name } of entries ?? []) {
    signal?.throwIfAborted()
    if (!name.startsWith(modelPrefix)) continue
    const model = await cachedModel(join(folder, name), name)
    if (model !== null) found.push(model)
    if (found.length === modelLimit || performance.now() > end) break
  }
  return found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** What a model in the cache is called, such as `openai-community/gpt2`; null for any other path. */
export function cachedName(path: string): string | null {
  const folder = /(?:^|[\\/])models--([^\\/]+)[\\/](?:snapshots|blobs)[\\/]/.exec(path)?.[1]
  return folder === undefined ? null : modelName(folder)
}

const modelPrefix = 'models--'

function modelName(folder: string): string {
  return visibleText(folder.replace('--', '/'))
}

async function cachedModel(folder: string, entry: string): Promise<CachedModel | null> {
  const path = await snapshotOf(folder)
  if (path === null) return null
  const files = await namesIn(path)
  const isModel = files.some(name => name === 'config.json' || isWeightsName(name))
  if (!isModel) return null
  // Exports for the browser keep the graph in a folder below.
  const below = files.includes('onnx') ? await namesIn(join(path, 'onnx')) : []
  const paths = [...files, ...below.map(name => join('onnx', name))].map(name => join(path, name))
  const sizes = await Promise.all(paths.map(sizeOf))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return { name: modelName(entry.slice(modelPrefix.length)), path, bytes }
}

/** The revision of the branch `main`, else the one that was downloaded last. */
async function snapshotOf(folder: string): Promise<string | null> {
  const snapshots = join(folder, 'snapshots')
  const revisions = await namesIn(snapshots, snapshotLimit)
  const main = await revisionOfMain(folder)
  if (main !== null && revisions.includes(main)) return join(snapshots, main)
  const dated = await Promise.all(
    revisions.map(async revision => {
      const stats = await stat(join(snapshots, revision)).catch(() => null)
      return { revision, time: stats?.isDirectory() ? stats.mtimeMs : -1 }
    })
  )
  const newest = dated.filter(({ time }) => time >= 0).sort((a, b) => b.time - a.time)[0]
  return newest === undefined ? null : join(snapshots, newest.revision)
}

async function revisionOfMain(folder: string): Promise<string | null> {
  try {
    return await withFile(await fileInFolder(await openFolder(folder), 'refs/main'), async file => {
      const bytes = Buffer.alloc(Math.min(file.size, 200))
      await readExactly(file, 0, bytes)
      return bytes.toString().trim()
    })
  } catch {
    return null
  }
}

async function namesIn(folder: string, limit = fileLimit): Promise<string[]> {
  return readdir(folder).then(
    names => names.slice(0, limit),
    () => []
  )
}

async function sizeOf(path: string): Promise<number> {
  const stats = await stat(path).catch(() => null)
  return stats?.isFile() ? stats.size : 0
}
