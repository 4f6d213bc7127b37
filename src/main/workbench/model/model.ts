import { basename } from 'node:path'
import type { LamellaFile } from '#common/model/describe-file.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import type { Checkpoint } from '../../checkpoint/checkpoint.ts'
import { fileLabel } from '../../files/file-error.ts'
import type { Folder } from '../../files/folder.ts'
import { checkUnchanged as checkFile, type KnownFile } from '../../files/known-file.ts'
import { sha256 } from '../../files/sha256.ts'
import type { Reader, ReaderTokenizer } from '../../reader/client.ts'
import type { RawConfig } from '../../architecture/config-reader.ts'
import type { EndTokens } from '../../reader/end-tokens.ts'
import type { Known } from '../../reader/read-model.ts'
import { unpacked } from '../../reader/packed-model.ts'
import type { TokenizerSource } from '../../reader/tokenizers.ts'
import { cachedName } from './huggingface-cache.ts'
import { onnxGraph, type OnnxGraph } from './onnx-graph.ts'

/** A model that is open: what is known of it, and what runs it. */
export interface Model {
  readonly info: ModelInfo
  readonly checkpoint: Checkpoint
  /** What it was made of beside its weights: config.json, the tokenizer's files and the like. */
  readonly files: readonly KnownFile[]
  /** Where config.json and the tokenizer are. */
  readonly folder: Folder
  /** What a family or a description reads it as. With neither this nor a graph of its own, `info.notRunnable` says why. */
  readonly spec: TransformerSpec | null
  /** What it computes by its own ONNX graph. */
  readonly onnx: OnnxGraph | null
  readonly tokenizer: ReaderTokenizer | null
  readonly endTokens: EndTokens
  /** All that config.json, or what is in its place, says. */
  readonly fields: RawConfig
  /** What reads its files; it ends with the model. */
  readonly reader: Reader
}

/** A model that a family reads. */
export type RunnableModel = Model & { readonly spec: TransformerSpec }

/**
 * Opens a model folder, or a file of weights in one: reads headers, config.json, lamella.json and the tokenizer.
 * @param reader its own: closed when the model cannot be opened
 * @param known what users said of models before
 * @throws LamellaError naming the file that is wrong
 */
export async function openModel(
  path: string,
  signal: AbortSignal,
  reader: Reader,
  known: Known = { descriptions: null, base: null }
): Promise<Model> {
  const leave = () => reader.close()
  signal.addEventListener('abort', leave, { once: true })
  try {
    signal.throwIfAborted()
    const model = await readWith(reader, path, known)
    // Who is gone meanwhile holds nothing open.
    signal.throwIfAborted()
    return model
  } catch (error) {
    reader.close()
    throw error instanceof LamellaError ? withNextStep(error) : error
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** What to do where no more is known than that a file breaks its format, or is of one that is not read. */
const nextSteps: Partial<Record<LamellaError['code'], string>> = {
  'file-invalid': 'It is damaged, or not what its name says: take it anew from where it came.',
  unsupported:
    'Save its weights as safetensors, or as a state dict with torch.save, and open those.'
}

function withNextStep(error: LamellaError): LamellaError {
  const { code, message, hint } = error
  return hint === undefined ? new LamellaError(code, message, nextSteps[code]) : error
}

async function readWith(reader: Reader, path: string, known: Known): Promise<Model> {
  const read = await unpacked(await reader.ask('read', { path, ...known }))
  const { fingerprint, config, rawConfig, beside, kept, folder, files, endTokens, fields } = read
  const { checkpoint, family, spec, onnx, notRunnable } = read.reading
  const notes = { ...kept, ...beside }
  const { tokenizer, notTokenizable } = await readTokenizer(reader, {
    folder,
    config: { model_type: config['model_type'], tokenizer_class: config['tokenizer_class'] },
    ...charactersOf(notes, checkpoint)
  })
  const info: ModelInfo = {
    // Another recipe has windows say once that their models' files are others.
    id: sha256([
      checkpoint.path,
      fingerprint,
      JSON.stringify(notes),
      ...files.map(({ label, mark }) => `${label} ${mark}`)
    ]).slice(0, 16),
    name: visibleText(notes.name ?? cachedName(checkpoint.path) ?? basename(checkpoint.path)),
    path: checkpoint.path,
    fingerprint,
    family,
    rawConfig,
    ...read.info,
    ...(spec?.padding != null && { unseenToken: spec.padding }),
    notes: [...read.info.notes, ...(tokenizer?.notes ?? [])],
    notRunnable: notRunnable?.message ?? null,
    notRunnableHint: notRunnable?.hint ?? null,
    ...(read.adapter !== null && { adapter: read.adapter }),
    tokenizer: tokenizer?.kind ?? null,
    notTokenizable,
    sampleText: beside?.sampleText ?? kept?.sampleText ?? null
  }
  const graph = onnx === null ? null : onnxGraph(onnx, reader, checkpoint.files[0]!, config)
  return {
    info,
    checkpoint,
    files,
    folder,
    spec,
    onnx: graph,
    tokenizer,
    endTokens,
    fields,
    reader
  }
}

/**
 * Looks whether the files that it was made of are still those that were opened.
 * @throws LamellaError `file-changed` or `not-found` naming the file
 */
export async function checkUnchanged({
  checkpoint,
  files
}: Pick<Model, 'checkpoint' | 'files'>): Promise<void> {
  for (const file of [...checkpoint.files, ...files]) await checkFile(file)
}

/** What ids stand for where the folder has no tokenizer: as a description says, else as the file of weights does. */
function charactersOf(
  { characters }: Pick<LamellaFile, 'characters'>,
  checkpoint: Checkpoint
): Pick<TokenizerSource, 'characters' | 'charactersFrom'> {
  const own = checkpoint.characters
  if (characters !== undefined || own === undefined) return { characters: characters ?? null }
  return { characters: [...own], charactersFrom: checkpoint.files[0]!.label }
}

/** A broken tokenizer does not keep a model from being opened and run on token ids. */
async function readTokenizer(
  reader: Reader,
  source: TokenizerSource & { readonly folder: Folder }
): Promise<{ tokenizer: ReaderTokenizer | null; notTokenizable: string | null }> {
  try {
    const tokenizer = await reader.tokenizer(source)
    const missing = `${fileLabel(source.folder.path)}: no tokenizer (tokenizer.json, vocab.json, …)`
    return { tokenizer, notTokenizable: tokenizer === null ? missing : null }
  } catch (error) {
    const { code, message } = toLamellaError(error)
    if (code === 'cancelled') throw error
    return { tokenizer: null, notTokenizable: message }
  }
}
