import { cancelled, LamellaError } from '#common/model/errors.ts'
import { fileLabel, invalidFile, quoted } from '../files/file-error.ts'
import type { WeightsFile } from './find-weights.ts'
import { fileInFolder, type FilePlace, type Folder } from '../files/folder.ts'
import { readJsonFile } from '../files/json-file.ts'
import type { Checkpoint, CheckpointFile, TensorEntry, WeightsContent } from './tensor-entry.ts'
import { readWeightsFile, shardName } from './weights-file.ts'

/** The largest index that is read, in bytes: room for a million tensors. */
const indexLimit = 100_000_000

/**
 * Reads the shards that an index such as `model.safetensors.index.json` names, or all that are counted together with one that is
 * opened without an index; headers only. Tensors that the index does not list are kept too.
 * @throws LamellaError naming the index, or the first shard, and the shard or tensor it is wrong about
 */
export async function readShards(
  { place, folder }: WeightsFile,
  signal?: AbortSignal
): Promise<Omit<Checkpoint, 'path' | 'folder'>> {
  const index = place.label
  const isShard = shardName.test(index)
  const weightMap = isShard ? new Map<string, string>() : await readWeightMap(place)
  const names = isShard ? shardsLike(index) : new Set(weightMap.values())
  const shards = new Map<string, WeightsContent>()
  for (const name of names) {
    if (signal?.aborted) throw cancelled()
    shards.set(name, await readWeightsFile(await shardPath(folder, index, name), signal))
  }
  const files: CheckpointFile[] = []
  const metadata = new Map<string, string>()
  for (const shard of shards.values()) {
    files.push(shard.file)
    for (const [key, value] of shard.metadata) metadata.set(key, value)
  }
  const isTorch = [...shards.values()].some(shard => shard.format === 'pytorch')
  const format = isTorch ? 'pytorch' : 'safetensors'
  const beside = [...shards.values()].flatMap(shard => shard.beside ?? [])
  return {
    ...{ format, files, tensors: union(index, weightMap, shards), metadata },
    ...(beside.length === 0 ? {} : { beside })
  }
}

/** The names of all files that a shard counts itself among, where no index lists them. */
function shardsLike(name: string): string[] {
  const [, start = '', , count = '', ending = ''] = shardName.exec(name)!
  if (Number(count) > mostShards) throw invalidFile(name, `counts more than ${mostShards} files`)
  return Array.from({ length: Number(count) }, (_, at) => {
    const number = String(at + 1).padStart(5, '0')
    return `${start}-${number}-of-${count}${ending}`
  })
}

const mostShards = 10_000

async function readWeightMap(place: FilePlace): Promise<Map<string, string>> {
  const index = place.label
  const content = await readJsonFile(place, indexLimit, { duplicateKeys: 'refuse' })
  const entries = isObject(content) && isObject(content.weight_map) ? content.weight_map : null
  if (entries === null) throw invalidFile(index, 'has no weight_map that is an object')
  const weightMap = new Map<string, string>()
  for (const [tensor, shard] of Object.entries(entries)) {
    if (typeof shard !== 'string')
      throw invalidFile(index, `the shard of tensor ${quoted(tensor)} is not a file name`)
    weightMap.set(tensor, shard)
  }
  if (weightMap.size === 0) throw invalidFile(index, 'the weight_map is empty')
  return weightMap
}

async function shardPath(folder: Folder, index: string, name: string): Promise<FilePlace> {
  try {
    return await fileInFolder(folder, name)
  } catch (thrown) {
    if (!(thrown instanceof LamellaError)) throw thrown
    if (thrown.code === 'not-found')
      throw new LamellaError(
        'not-found',
        `${fileLabel(index)}: the shard ${quoted(name)} is missing`,
        `Put it beside ${fileLabel(index)}: the download may not be whole.`
      )
    throw new LamellaError(
      thrown.code,
      `${fileLabel(index)}: the shard ${thrown.message}`,
      thrown.hint
    )
  }
}

/** All tensors, each from the shard that the index names; those it does not name behind them. */
function union(
  index: string,
  weightMap: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, WeightsContent>
): Map<string, TensorEntry> {
  const tensors = new Map<string, TensorEntry>()
  for (const [name, shard] of weightMap) {
    const entry = shards.get(shard)!.tensors.get(name)
    if (entry === undefined) throw misplaced(index, name, shard, shards)
    tensors.set(name, entry)
  }
  for (const shard of shards.values())
    for (const [name, entry] of shard.tensors) {
      const other = tensors.get(name)
      if (other === undefined) tensors.set(name, entry)
      else if (other !== entry && !weightMap.has(name))
        throw invalidFile(
          index,
          `tensor ${quoted(name)} is in both ${fileLabel(other.file.label)} and ${fileLabel(entry.file.label)} and not in the weight_map`
        )
    }
  return tensors
}

function misplaced(
  index: string,
  name: string,
  shard: string,
  shards: ReadonlyMap<string, WeightsContent>
): LamellaError {
  const actual = [...shards].find(([, { tensors }]) => tensors.has(name))?.[0]
  const where = actual === undefined ? 'is not there' : `is in ${quoted(actual)}`
  return invalidFile(index, `tensor ${quoted(name)} is listed in ${quoted(shard)} but ${where}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
