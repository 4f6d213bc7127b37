import { readdir } from 'node:fs/promises'
import type { AdapterFacts } from '#common/contract/schemas.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaFile } from '#common/model/describe-file.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { fileLabel } from '../files/file-error.ts'
import type { Folder } from '../files/folder.ts'
import type { KnownFile } from '../files/known-file.ts'
import { tokenizerFiles } from '../tokenizer/tokenizer-files.ts'
import { onBase } from './adapter-base.ts'
import {
  adapterApplied,
  adapterFile,
  adapterOnBase,
  isAdapterAlone,
  readAdapterConfig,
  type AdapterConfig
} from './adapter.ts'
import { adapterWeights, withAdapter } from './adapter-file.ts'
import { withAliases } from './aliases.ts'
import { endTokensOf, generationFile, type EndTokens } from './end-tokens.ts'
import { fingerprintOf } from './fingerprint.ts'
import { genaiFile } from './genai-config.ts'
import { keptDescription } from './kept-description.ts'
import { filesNamed } from './made-of.ts'
import { withMergedAdapter } from './merged-adapter.ts'
import {
  folderOf,
  readLamellaFile,
  readModelConfig,
  statedFiles,
  type RawConfig
} from './model-files.ts'
import {
  readArchitecture,
  readingInfo,
  type ModelReading,
  type ReadingInfo
} from './model-reading.ts'
import { withScaledWeights } from './scaled-weights.ts'

/** What a model folder says of its model, as plain data. */
export interface ReadModel {
  /** Where config.json and the tokenizer are. */
  readonly folder: Folder
  /** What it is made of beside its weights: config.json and the like. */
  readonly files: readonly KnownFile[]
  readonly fingerprint: string
  readonly reading: ModelReading
  readonly info: ReadingInfo
  readonly config: RawConfig
  /** All that config.json, or what is in its place, says. */
  readonly fields: RawConfig
  /** config.json as text. */
  readonly rawConfig: string
  readonly endTokens: EndTokens
  /** Null where no adapter alone lies there. */
  readonly adapter: AdapterFacts | null
  /** lamella.json beside the model, and the one that the data folder keeps. */
  readonly beside: LamellaFile | null
  readonly kept: LamellaFile | null
}

/** What users said of models before. */
export interface Known {
  /** The folder of descriptions that are kept; null for none. */
  readonly descriptions: string | null
  /** The model that an adapter alone adapts; null where nobody said it. */
  readonly base: string | null
}

/**
 * Reads a model folder, or a file of weights in one: headers, config.json and lamella.json; of an adapter alone those of the model
 * that it adapts, where that is known.
 * @throws LamellaError naming the file that is wrong
 */
export async function readModel(
  path: string,
  { descriptions, base }: Known,
  signal: AbortSignal
): Promise<ReadModel> {
  const own = withAliases(await openCheckpoint(path, signal))
  const ownFolder = await folderOf(own)
  const adapter = await readAdapterConfig(ownFolder, own)
  const isAlone = adapter !== null && isAdapterAlone(own)
  const both = isAlone && base !== null ? await onBase(own, base, signal) : own
  const isOnBase = both !== own && typeof both !== 'string'
  const found = isOnBase ? both : own
  const folder = await folderOf(found)
  const files = [
    ...(await filesNamed(found.folder, await indexesIn(found))),
    ...(await filesNamed(folder, [
      'config.json',
      ...statedFiles,
      genaiFile,
      generationFile,
      'lamella.json',
      adapterFile,
      ...tokenizerFiles
    ])),
    ...(isOnBase ? await filesNamed(ownFolder, [adapterFile]) : [])
  ]
  const { config, source, stated: fields } = await readModelConfig(folder, found)
  const scaled = await withScaledWeights(found, config)
  const { checkpoint, notes, whyNot } = await merged(scaled.checkpoint, adapter, { folder, config })
  const beside = await readLamellaFile(folder)
  const kept = descriptions === null ? null : await keptDescription(descriptions, found)
  const stated =
    source === 'config.json'
      ? []
      : [`There is no config.json: what the model is says ${fileLabel(source)}.`]
  const applied = isOnBase && notes.length > 0 ? [adapterOnBase(adapter!, fileLabel(base!))] : []
  const made = {
    adapter,
    merged: notes.length > 0,
    whyNotMerged: typeof both === 'string' ? both : whyNot,
    notes: [...applied, ...stated, ...scaled.notes, ...notes]
  }
  const reading = await readArchitecture(config, checkpoint, { beside, kept }, made, signal)
  const { family, spec } = reading
  const rawConfig = JSON.stringify(config, null, 2)
  const factors = adapter === null ? '' : JSON.stringify(adapter)
  const fingerprint = fingerprintOf(
    { ...found, files: checkpoint.files },
    rawConfig + factors,
    family === 'described' ? spec : null
  )
  return {
    ...{ folder, files, fingerprint, reading, config, rawConfig, beside, kept, fields },
    info: readingInfo(reading),
    adapter: isAlone ? { of: adapter.base, base, canBeApplied: adapter.otherKind === null } : null,
    endTokens: await endTokensOf(folder, config)
  }
}

/** What a checkpoint is with the adapter that is in its weights, or in a file beside them. */
interface Merged {
  readonly checkpoint: Checkpoint
  readonly notes: readonly string[]
  /** Why an adapter beside the weights is not applied; null where that is not known, or it is. */
  readonly whyNot: string | null
}

/**
 * Merges an adapter that is in a folder's weights, or beside them where the folder was opened, and not its file of weights. One
 * beside that does not fit is left out.
 */
async function merged(
  checkpoint: Checkpoint,
  adapter: AdapterConfig | null,
  { folder, config }: { readonly folder: Folder; readonly config: RawConfig }
): Promise<Merged> {
  const own = await withMergedAdapter(checkpoint, adapter, config)
  const isBeside =
    adapter?.otherKind === null &&
    own.notes.length === 0 &&
    checkpoint.path === checkpoint.folder.path &&
    !isAdapterAlone(checkpoint)
  if (!isBeside) return { ...own, whyNot: null }
  try {
    const weights = await adapterWeights(folder)
    if (weights === null) return { ...own, whyNot: null }
    const beside = withAdapter(checkpoint, weights)
    if (typeof beside === 'string') return { ...own, whyNot: beside }
    const { checkpoint: sum, notes } = await withMergedAdapter(beside.checkpoint, adapter, config)
    const applied = adapterApplied(adapter, beside, fileLabel(checkpoint.files[0]!.label))
    return { checkpoint: sum, notes: [applied, ...notes], whyNot: null }
  } catch (error) {
    const { code, message } = toLamellaError(error)
    if (code !== 'file-invalid' && code !== 'unsupported') throw error
    return { ...own, whyNot: message }
  }
}

/** The indexes that may have said which files its tensors are in. */
async function indexesIn({ files, folder }: Checkpoint): Promise<string[]> {
  if (files.length === 1) return []
  return (await readdir(folder.path)).filter(name => name.endsWith('.index.json'))
}
