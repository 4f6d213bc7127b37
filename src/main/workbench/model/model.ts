import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { toLamellaError } from '#common/model/errors.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { LamellaFile } from '#common/model/describe-file.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import type { OnnxTransformer } from '../../architecture/onnx/onnx-transformer.ts'
import { fileLabel } from '../../files/file-error.ts'
import { folderAbove, type Folder } from '../../files/folder.ts'
import { checkUnchanged as checkFile } from '../../files/known-file.ts'
import { openCheckpoint, type Checkpoint } from '../../checkpoint/checkpoint.ts'
import { openTokenizer, type Tokenizer } from '../../tokenizer/tokenizer.ts'
import { characterTokenizer } from './character-tokenizer.ts'
import type { Descriptions } from './descriptions.ts'
import { cachedName } from './huggingface-cache.ts'
import { readLamellaFile, readModelConfig, type RawConfig } from './model-files.ts'
import { readArchitecture, readingInfo } from './model-reading.ts'
import { withAliases } from './aliases.ts'
import { sha256 } from '../sha256.ts'

/** A model that is open: what is known of it, and what runs it. */
export interface Model {
  readonly info: ModelInfo
  readonly checkpoint: Checkpoint
  /** Where config.json and the tokenizer are. */
  readonly folder: Folder
  /** What a family or a description reads it as. With neither this nor a graph of its own, `info.notRunnable` says why. */
  readonly spec: TransformerSpec | null
  /** What it computes by its own ONNX graph. */
  readonly onnx: OnnxTransformer | null
  readonly tokenizer: Tokenizer | null
  /** Another one when any of its files has changed. */
  readonly fingerprint: string
}

/**
 * Opens a model folder, or a file of weights in one: reads headers, config.json, lamella.json and the tokenizer.
 * @param descriptions of models whose folder holds none
 * @throws LamellaError naming the file that is wrong
 */
export async function openModel(
  path: string,
  signal: AbortSignal,
  descriptions: Pick<Descriptions, 'kept'> | null = null
): Promise<Model> {
  const found = withAliases(await openCheckpoint(path, signal))
  const folder = await folderOf(found)
  const config = await readModelConfig(folder)
  const beside = await readLamellaFile(folder)
  const kept = (await descriptions?.kept(found)) ?? null
  const reading = await readArchitecture(config, found, { beside, kept }, signal)
  const { checkpoint, family, spec, onnx, notRunnable } = reading
  const notes = { ...kept, ...beside }
  const { tokenizer, notTokenizable } = await readTokenizer(folder, config, notes.characters)
  const fingerprint = fingerprintOf(
    found,
    config,
    spec === null || family !== 'described' ? null : spec
  )
  const info: ModelInfo = {
    id: sha256(checkpoint.path, fingerprint, JSON.stringify(notes)).slice(0, 16),
    name: visibleText(notes.name ?? cachedName(checkpoint.path) ?? basename(checkpoint.path)),
    path: checkpoint.path,
    fingerprint,
    family,
    rawConfig: config,
    ...readingInfo(reading),
    notRunnable: notRunnable?.message ?? null,
    notRunnableHint: notRunnable?.hint ?? null,
    tokenizer: tokenizer?.kind ?? null,
    notTokenizable,
    sampleText: beside?.sampleText ?? kept?.sampleText ?? null
  }
  return { info, checkpoint, folder, spec, onnx, tokenizer, fingerprint }
}

/**
 * Looks whether the files are still those that were opened.
 * @throws LamellaError `file-invalid` naming the file that changed
 */
export async function checkUnchanged({ checkpoint }: Model): Promise<void> {
  for (const file of checkpoint.files) await checkFile(file)
}

/** The folder of a model's files; exports for the browser keep the graph in a folder below. */
async function folderOf({ path, folder }: Checkpoint): Promise<Folder> {
  if (path === folder.path || basename(folder.path) !== 'onnx') return folder
  const names = await readdir(folder.path)
  return names.includes('config.json') ? folder : folderAbove(folder)
}

/** A broken tokenizer does not keep a model from being opened and run on token ids. */
async function readTokenizer(
  folder: Folder,
  config: RawConfig,
  characters: LamellaFile['characters']
): Promise<{ tokenizer: Tokenizer | null; notTokenizable: string | null }> {
  try {
    const tokenizer =
      (await openTokenizer(folder, await readdir(folder.path), config)) ??
      (characters === undefined ? null : characterTokenizer(characters))
    const missing = `${fileLabel(folder.path)}: has no tokenizer (tokenizer.json, vocab.json, …)`
    return { tokenizer, notTokenizable: tokenizer === null ? missing : null }
  } catch (error) {
    return { tokenizer: null, notTokenizable: toLamellaError(error).message }
  }
}

/**
 * What tells a model from any other: what its files say of their tensors and hold at places throughout, and which
 * files they are, by what no program can set. A copy has another one.
 * @param described the spec where a description says it, for it may change while the files stay
 */
export function fingerprintOf(
  { files, tensors }: Checkpoint,
  config: RawConfig,
  described: TransformerSpec | null
): string {
  return sha256(
    ...(described === null ? [] : [JSON.stringify(described)]),
    JSON.stringify(config),
    ...files.map(({ label, mark, sample }) => `${label} ${mark} ${sample}`),
    ...[...tensors].map(([name, { dtype, shape, strides, file, offset }]) =>
      JSON.stringify([name, dtype, shape, strides, file.label, offset])
    )
  )
}
