import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { LamellaError, toLamellaError } from '#common/contract/errors.ts'
import type { ModelConfig, ModelInfo } from '#common/contract/schemas.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { architectureOf, type Architecture } from '../architecture/architecture.ts'
import { hooksOf } from '../architecture/hooks-of.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { openTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts'
import { readModelConfig, readNotes, type RawConfig } from './model-files.ts'
import { withAliases } from './aliases.ts'
import { countParameters } from './parameters.ts'

/** A model that is open: what is known of it, and what runs it. */
export interface Model {
  readonly info: ModelInfo
  readonly checkpoint: Checkpoint
  /** Null when no family reads it; `info.notRunnable` then says why. */
  readonly spec: TransformerSpec | null
  readonly tokenizer: Tokenizer | null
  /** Another one when any of its files has changed. */
  readonly fingerprint: string
}

/**
 * Opens a model folder, or a file of weights in one: reads headers, config.json and the tokenizer.
 * @throws LamellaError naming the file that is wrong
 */
export async function openModel(path: string, signal: AbortSignal): Promise<Model> {
  const checkpoint = withAliases(await openCheckpoint(path, signal))
  const folder = (await stat(path)).isDirectory() ? path : dirname(path)
  const config = await readModelConfig(folder)
  const { sampleText } = await readNotes(folder)
  const reading = readArchitecture(config, checkpoint)
  const spec = reading.architecture?.spec ?? null
  const { tokenizer, notTokenizable } = await readTokenizer(folder, config)
  const fingerprint = fingerprintOf(checkpoint, config)
  const info: ModelInfo = {
    id: sha256(checkpoint.path, fingerprint).slice(0, 16),
    name: basename(checkpoint.path),
    path: checkpoint.path,
    family: reading.architecture?.family ?? null,
    config: spec && modelConfig(spec),
    rawConfig: config,
    ...countParameters(checkpoint, spec),
    notRunnable: reading.notRunnable,
    hooks: spec === null ? [] : hooksOf(spec),
    predicts: spec && predicted(spec),
    tokenizer: tokenizer?.kind ?? null,
    notTokenizable,
    sampleText
  }
  return { info, checkpoint, spec, tokenizer, fingerprint }
}

/**
 * Looks whether the files are still those that were opened.
 * @throws LamellaError `file-invalid` naming the file that changed
 */
export async function checkUnchanged({ checkpoint }: Model): Promise<void> {
  for (const { path, size, modifiedMs } of checkpoint.files) {
    const now = await stat(path).catch(() => null)
    if (now?.size !== size || now.mtimeMs !== modifiedMs)
      throw new LamellaError(
        'file-invalid',
        `${basename(path)}: changed since the model was opened`,
        'Open the model again.'
      )
  }
}

/** Hexadecimal SHA-256 of texts end to end. */
export function sha256(...texts: string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:`).update(text)
  return hash.digest('hex')
}

function readArchitecture(
  config: RawConfig,
  { tensors }: Checkpoint
): { architecture: Architecture | null; notRunnable: string | null } {
  try {
    return { architecture: architectureOf(config, tensors), notRunnable: null }
  } catch (error) {
    const { code, message } = toLamellaError(error)
    if (code !== 'unsupported') throw error
    return { architecture: null, notRunnable: message }
  }
}

/** A broken tokenizer does not keep a model from being opened and run on token ids. */
async function readTokenizer(
  folder: string,
  config: RawConfig
): Promise<{ tokenizer: Tokenizer | null; notTokenizable: string | null }> {
  try {
    const tokenizer = await openTokenizer(folder, await readdir(folder), config)
    const missing = `${basename(folder)}: has no tokenizer (tokenizer.json, vocab.json, …)`
    return { tokenizer, notTokenizable: tokenizer === null ? missing : null }
  } catch (error) {
    return { tokenizer: null, notTokenizable: toLamellaError(error).message }
  }
}

function predicted({ unembedding, causal }: TransformerSpec): ModelInfo['predicts'] {
  if (unembedding === null) return null
  if (unembedding.labels !== null) return 'labels'
  return causal ? 'next' : 'masked'
}

function modelConfig(spec: TransformerSpec): ModelConfig {
  const { nHeads, nKeyValueHeads, dModel, dHead, dMlp, dVocab, nCtx, blocks } = spec
  return { nLayers: blocks.length, nHeads, nKeyValueHeads, dModel, dHead, dMlp, dVocab, nCtx }
}

function fingerprintOf({ files, tensors }: Checkpoint, config: RawConfig): string {
  return sha256(
    JSON.stringify(config),
    ...files.map(({ path, size, modifiedMs }) => `${basename(path)} ${size} ${modifiedMs}`),
    ...[...tensors.values()].map(({ name, dtype, shape, offset }) =>
      [name, dtype, shape.join('x'), offset].join(' ')
    )
  )
}
