import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { LamellaFile } from '#common/model/describe-file.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { RawConfig } from '../architecture/config-reader.ts'
import { hasLensNames } from '../architecture/families/transformer-lens-tensors.ts'
import { fileInFolder, folderAbove, type Folder } from '../files/folder.ts'
import { readJsonFile } from '../checkpoint/json-file.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'

export type { RawConfig } from '../architecture/config-reader.ts'

/** Far above any real one. */
export const limitBytes = 16 * 2 ** 20

/** What a model says of itself, and the file that says it. */
export interface ModelConfig {
  readonly config: RawConfig
  readonly source: string
}

/**
 * config.json of a model folder; where there is none, what Meta's params.json or the file of weights says in its place, as the
 * family that writes such; empty when nothing does.
 */
export async function readModelConfig(
  folder: Folder,
  checkpoint: Checkpoint
): Promise<ModelConfig> {
  const config = await readObject(folder, 'config.json')
  const isLens = hasLensNames(checkpoint.tensors)
  if (config !== null) {
    const says = config.model_type ?? config.architectures ?? null
    return { config: isLens && says === null ? asLens(config) : config, source: 'config.json' }
  }
  const params = await readObject(folder, 'params.json')
  const [source, stated] =
    params === null
      ? ([checkpoint.files[0]?.label ?? '', checkpoint.stated ?? {}] as const)
      : (['params.json', params] as const)
  const says = (...names: string[]) => names.every(name => Object.hasOwn(stated, name))
  if (says('n_layer', 'n_head', 'n_embd'))
    return { config: { ...stated, model_type: 'nanogpt' }, source }
  if (says('dim', 'n_layers', 'n_heads'))
    return { config: { ...stated, model_type: 'meta_llama' }, source }
  const isStated = isLens && Object.keys(stated).length > 0
  return { config: isLens ? asLens(stated) : {}, source: isStated ? source : 'config.json' }
}

function asLens(config: RawConfig): RawConfig {
  return { ...config, model_type: 'transformer_lens' }
}

/** @throws LamellaError `file-invalid` where the file holds something else */
async function readObject(folder: Folder, name: string): Promise<RawConfig | null> {
  const json = await readOptional(folder, name)
  if (json === null) return null
  if (typeof json === 'object' && !Array.isArray(json)) return json as RawConfig
  throw new LamellaError('file-invalid', `${name}: expected an object`)
}

/** lamella.json of a folder; null when there is none. */
export async function readLamellaFile(folder: Folder): Promise<LamellaFile | null> {
  const json = await readOptional(folder, 'lamella.json')
  return json === null ? null : parseLamellaFile(json)
}

/** @throws LamellaError `file-invalid` naming the path of the first fault */
export function parseLamellaFile(json: unknown): LamellaFile {
  const file = LamellaFile.safeParse(json)
  if (file.success) return file.data
  throw new LamellaError('file-invalid', `lamella.json: ${firstFault(file.error)}`)
}

/** Where config.json and the tokenizer of a model are; exports for the browser keep the graph in a folder below. */
export async function folderOf({ path, folder }: Checkpoint): Promise<Folder> {
  if (path === folder.path || basename(folder.path) !== 'onnx') return folder
  const names = await readdir(folder.path)
  return names.includes('config.json') ? folder : folderAbove(folder)
}

/**
 * What a JSON file of a folder holds; null when there is none. A link is followed only inside the folder, or to where the
 * Hugging Face cache keeps its files.
 */
export async function readOptional(folder: Folder, name: string): Promise<unknown> {
  try {
    return await readJsonFile(await fileInFolder(folder, name), limitBytes)
  } catch (error) {
    if (toLamellaError(error).code === 'not-found') return null
    throw error
  }
}
