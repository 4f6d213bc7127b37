import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { DType } from '#common/model/tensor.ts'
import { fileError, invalidFile } from './file-error.ts'
import { findWeights } from './find-weights.ts'
import { readSafetensors } from './safetensors.ts'
import { readShards } from './shards.ts'

/** Where one tensor lies. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Absolute, with its links resolved. */
  readonly file: string
  /** First byte in the file. */
  readonly offset: number
  readonly byteLength: number
}

/** One file of a checkpoint, as it was when it was opened. */
export interface CheckpointFile {
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
}

/** An index of the tensors on disk. */
export interface Checkpoint {
  /** The folder or file that was opened, with its links resolved. */
  readonly path: string
  readonly format: 'safetensors'
  readonly files: readonly CheckpointFile[]
  readonly tensors: ReadonlyMap<string, TensorEntry>
  /** `__metadata__` of all files. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Opens the weights of a model folder, or one weights file or shard index; reads headers only.
 * @throws LamellaError `not-found`, `file-unreadable`, `file-invalid`, `unsupported` or `cancelled`
 */
export async function openCheckpoint(path: string, signal?: AbortSignal): Promise<Checkpoint> {
  const { real, isFolder, isFile } = await look(path)
  if (!isFolder && !isFile) throw invalidFile(path, 'is neither a file nor a folder')
  const weights = isFolder
    ? await findWeights(real)
    : // A link in the Hugging Face cache leads to a blob without an ending: the given name tells the kind.
      { path: real, name: basename(path), folder: dirname(path) }
  if (weights.name.endsWith('.index.json'))
    return { path: real, ...(await readShards(weights.folder, weights.path, signal)) }
  const { file, tensors, metadata } = await readSafetensors(weights.path, weights.name, signal)
  return { path: real, format: 'safetensors', files: [file], tensors, metadata }
}

async function look(path: string): Promise<{ real: string; isFolder: boolean; isFile: boolean }> {
  try {
    const real = await realpath(path)
    const stats = await stat(real)
    return { real, isFolder: stats.isDirectory(), isFile: stats.isFile() }
  } catch (thrown) {
    throw fileError(path, thrown)
  }
}
