import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { LamellaError, toLamellaError } from '#common/contract/errors.ts'
import type { ModelConfig, ModelInfo } from '#common/contract/schemas.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { architectureOf } from '../architecture/architecture.ts'
import { hooksOf } from '../architecture/hooks-of.ts'
import type { OnnxTransformer } from '../architecture/onnx/onnx-transformer.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { openTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts'
import { readOnnx } from './onnx-reading.ts'
import { readModelConfig, readNotes, type RawConfig } from './model-files.ts'
import { withAliases } from './aliases.ts'
import { countParameters } from './parameters.ts'

/** A model that is open: what is known of it, and what runs it. */
export interface Model {
  readonly info: ModelInfo
  readonly checkpoint: Checkpoint
  /** What a family reads it as. With neither this nor a graph of its own, `info.notRunnable` says why. */
  readonly spec: TransformerSpec | null
  /** What it computes by its own ONNX graph. */
  readonly onnx: OnnxTransformer | null
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
  const folder = await folderOf(path)
  const config = await readModelConfig(folder)
  const { sampleText } = await readNotes(folder)
  const reading = await readArchitecture(config, checkpoint, signal)
  const { spec, onnx } = reading
  const { tokenizer, notTokenizable } = await readTokenizer(folder, config)
  const fingerprint = fingerprintOf(checkpoint, config)
  const info: ModelInfo = {
    id: sha256(checkpoint.path, fingerprint).slice(0, 16),
    name: basename(checkpoint.path),
    path: checkpoint.path,
    family: reading.family,
    config: spec === null ? (onnx?.widths ?? null) : modelConfig(spec),
    rawConfig: config,
    ...countParameters(checkpoint, spec),
    notRunnable: reading.notRunnable,
    hooks: spec === null ? [...(onnx?.hooks ?? [])] : hooksOf(spec),
    limits: [...(onnx?.limits ?? [])],
    predicts: spec === null ? (onnx?.predicts ?? null) : predicted(spec),
    tokenizer: tokenizer?.kind ?? null,
    notTokenizable,
    sampleText
  }
  return { info, checkpoint, spec, onnx, tokenizer, fingerprint }
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

/** Where config.json and the tokenizer of a model are; exports for the browser keep the graph in a folder below. */
async function folderOf(path: string): Promise<string> {
  if ((await stat(path)).isDirectory()) return path
  const folder = dirname(path)
  const names = basename(folder) === 'onnx' ? await readdir(folder) : []
  return names.length === 0 || names.includes('config.json') ? folder : dirname(folder)
}

interface Reading {
  readonly family: string | null
  readonly spec: TransformerSpec | null
  readonly onnx: OnnxTransformer | null
  readonly notRunnable: string | null
}

async function readArchitecture(
  config: RawConfig,
  checkpoint: Checkpoint,
  signal: AbortSignal
): Promise<Reading> {
  const nothing = { family: null, spec: null, onnx: null, notRunnable: null }
  try {
    if (checkpoint.format === 'onnx')
      return { ...nothing, family: 'onnx', onnx: await readOnnx(checkpoint, config, signal) }
    return { ...nothing, ...architectureOf(config, checkpoint.tensors) }
  } catch (error) {
    const { code, message } = toLamellaError(error)
    if (code !== 'unsupported') throw error
    return { ...nothing, notRunnable: message }
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
