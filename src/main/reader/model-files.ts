import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { LamellaFile } from '#common/model/describe-file.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { RawConfig } from '../architecture/config-reader.ts'
import { hasLensNames } from '../architecture/families/transformer-lens-tensors.ts'
import { fileInFolder, folderAbove, type Folder } from '../files/folder.ts'
import { configOfGenai, genaiFile } from './genai-config.ts'
import { readJsonFile, type JsonFileOptions } from '../files/json-file.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'

export type { RawConfig } from '../architecture/config-reader.ts'

/** Far above any real one. */
export const limitBytes = 16 * 2 ** 20

/** What a model says of itself, and the file that says it. */
export interface ModelConfig {
  /** As a family reads it; empty where nothing says which. */
  readonly config: RawConfig
  readonly source: string
  /** All that the file says, of whatever family. */
  readonly stated: RawConfig
}

/** Where what made a model is written where there is no config.json: Meta's file, and those of training scripts. */
export const statedFiles = [
  'params.json',
  'hparams.json',
  'model_args.json',
  'model_config.json',
  'cfg.json',
  'args.json'
]

/**
 * config.json of a model folder; where there is none, what another file or the file of weights says in its place, as the
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
    const read = isLens && says === null ? asLens(config) : config
    return { config: read, source: 'config.json', stated: config }
  }
  const genai = await readObject(folder, genaiFile)
  const ofGenai = genai === null ? null : configOfGenai(genai)
  if (ofGenai !== null) return { config: ofGenai, source: genaiFile, stated: ofGenai }
  const { stated, source } = (await readStated(folder)) ?? {
    source: checkpoint.files[0]?.label ?? '',
    stated: checkpoint.stated ?? metadataOf(checkpoint)
  }
  const says = (...names: string[]) => names.every(name => Object.hasOwn(stated, name))
  if (says('n_layer', 'n_head', 'n_embd'))
    return { config: { ...stated, model_type: 'nanogpt' }, source, stated }
  if (says('dim', 'n_layers', 'n_heads'))
    return { config: { ...stated, model_type: 'meta_llama' }, source, stated }
  const isStated = isLens && Object.keys(stated).length > 0
  return {
    config: isLens ? asLens(stated) : {},
    source: isStated ? source : 'config.json',
    stated
  }
}

function asLens(config: RawConfig): RawConfig {
  return { ...config, model_type: 'transformer_lens' }
}

async function readStated(folder: Folder): Promise<{ source: string; stated: RawConfig } | null> {
  for (const source of statedFiles) {
    const stated = await readObject(folder, source)
    if (stated !== null) return { source, stated }
  }
  return null
}

/** What the metadata of safetensors says: numbers as text, and objects as JSON. */
function metadataOf({ metadata }: Checkpoint): RawConfig {
  return Object.fromEntries([...metadata].map(([name, text]) => [name, parsed(text)]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
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
  const json = await readOptional(folder, 'lamella.json', 'refuse')
  return json === null ? null : parseLamellaFile(json)
}

/** @throws LamellaError `file-invalid` naming the path of the first fault */
export function parseLamellaFile(json: unknown): LamellaFile {
  const file = LamellaFile.safeParse(json)
  if (file.success) return file.data
  throw new LamellaError(
    'file-invalid',
    `lamella.json: ${firstFault(file.error)}`,
    'Correct it, or remove it.'
  )
}

/** Where config.json and the tokenizer of a model are; exports for the browser keep the graph in a folder below. */
export async function folderOf({ path, folder }: Checkpoint): Promise<Folder> {
  if (path === folder.path || basename(folder.path) !== 'onnx') return folder
  const names = await readdir(folder.path)
  return names.includes('config.json') ? folder : folderAbove(folder)
}

/**
 * What a JSON file of a folder, written by Python but for lamella.json, holds; null when there is none. A link is followed only inside the folder, or to where the
 * Hugging Face cache keeps its files.
 */
export async function readOptional(
  folder: Folder,
  name: string,
  notFinite: JsonFileOptions['notFinite'] = 'accept'
): Promise<unknown> {
  try {
    const place = await fileInFolder(folder, name)
    return await readJsonFile(place, limitBytes, { notFinite })
  } catch (error) {
    if (toLamellaError(error).code === 'not-found') return null
    throw error
  }
}
