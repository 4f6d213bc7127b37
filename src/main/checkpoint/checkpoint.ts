import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pathError, invalidFile } from '../files/file-error.ts'
import { namedFile, openFolder } from '../files/folder.ts'
import { findWeights } from './find-weights.ts'
import { readOnnx } from './onnx-file.ts'
import { readShards } from './shards.ts'
import type { Checkpoint } from './tensor-entry.ts'
import { onnxEnding, readWeightsFile, shardName } from './weights-file.ts'

export type { Checkpoint, CheckpointFile, TensorEntry } from './tensor-entry.ts'

/**
 * Opens the weights of a model folder, or one weights file or shard index; reads headers only.
 * @throws LamellaError `not-found`, `file-unreadable`, `file-invalid`, `unsupported` or `cancelled`
 */
export async function openCheckpoint(path: string, signal?: AbortSignal): Promise<Checkpoint> {
  const { real, isFolder, isFile } = await look(path)
  if (!isFolder && !isFile) throw invalidFile(path, 'is neither a file nor a folder')
  const weights = isFolder
    ? await findWeights(await openFolder(real))
    : // A link in the Hugging Face cache leads to a blob without an ending: the given name tells the kind.
      { place: await namedFile(path), folder: await openFolder(dirname(path)) }
  const { place, folder } = weights
  const of = { path: isFolder ? folder.path : place.path, folder }
  const isSeveral = place.label.endsWith('.index.json') || (isFolder && shardName.test(place.label))
  if (isSeveral) return { ...of, ...(await readShards(weights, signal)) }
  if (onnxEnding.test(place.label)) return { ...of, ...(await readOnnx(weights, signal)) }
  const { file, ...content } = await readWeightsFile(place, signal)
  return { ...of, files: [file], ...content }
}

async function look(path: string): Promise<{ real: string; isFolder: boolean; isFile: boolean }> {
  try {
    const real = await realpath(path)
    const stats = await stat(real)
    return { real, isFolder: stats.isDirectory(), isFile: stats.isFile() }
  } catch (thrown) {
    throw pathError(path, thrown)
  }
}
