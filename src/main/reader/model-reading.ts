import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { LamellaFile } from '#common/model/describe-file.ts'
import type { ScoreFacts } from '#common/model/score-facts.ts'
import type { Visibility } from '#common/model/visibility.ts'
import type { MlpFacts } from '#common/model/mlp-facts.ts'
import type { DenseMlpSpec, TransformerSpec } from '#common/model/spec.ts'
import { architectureDiagram } from '../architecture/diagram/diagram.ts'
import { quantisationOf } from '../architecture/quantisation.ts'
import { describedSpec } from '../architecture/describe/described.ts'
import { withoutUnitAxes } from '../architecture/describe/flat-tables.ts'
import { hooksOf } from '../architecture/hooks-of.ts'
import { neuronCount } from '../architecture/mlp-parts.ts'
import type { OnnxFacts } from '../architecture/onnx/onnx-transformer.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { adapterAlone, adapterBeside, isAdapterAlone, type AdapterConfig } from './adapter.ts'
import { readByFamily } from './family-reading.ts'
import { readOnnxFacts } from './onnx-reading.ts'
import type { RawConfig } from './model-files.ts'
import { countParameters } from './parameters.ts'
import { frequencyNotes } from './stored-frequencies.ts'
import { untiedNotes } from './untied.ts'
import { unreadStates, unusedTensors } from './unused-tensors.ts'

/** What a checkpoint is read as. */
export interface ModelReading {
  /** The checkpoint, as the spec names its tensors and their shapes. */
  readonly checkpoint: Checkpoint
  readonly family: string | null
  readonly spec: TransformerSpec | null
  readonly onnx: OnnxFacts | null
  /** Null where its weights are as they are stored. */
  readonly unlikeStored: NonNullable<ModelInfo['unlikeStored']> | null
  /** What a run of it does not give, and why, in sentences. */
  readonly limits: readonly string[]
  /** What the reading took for granted or left out, in sentences. */
  readonly notes: readonly string[]
  /** Why it cannot run, and what to do then; null when it can. */
  readonly notRunnable: Pick<LamellaError, 'message' | 'hint'> | null
}

/** Descriptions of a model: the one beside it, and the one that the data folder keeps. */
export interface FoundDescriptions {
  readonly beside: LamellaFile | null
  readonly kept: LamellaFile | null
}

/** What a checkpoint was made of before it is read. */
export interface MadeOf {
  /** What the folder says of an adapter in it; null where it has none. */
  readonly adapter: AdapterConfig | null
  /** Whether an adapter was merged into the weights. */
  readonly merged: boolean
  /** Why one beside the weights, or alone, was not; null where that is not known, or it was. */
  readonly whyNotMerged: string | null
  /** What was scaled or merged, in sentences. */
  readonly notes: readonly string[]
}

/**
 * Reads a model by the description beside it, else by its family, else by the description that is kept.
 * A description that does not fit the tensors is as good as none.
 * @throws LamellaError `file-invalid` when the graph of an ONNX model is damaged
 */
export async function readArchitecture(
  config: RawConfig,
  checkpoint: Checkpoint,
  descriptions: FoundDescriptions,
  { adapter, merged, whyNotMerged, notes }: MadeOf,
  signal: AbortSignal
): Promise<ModelReading> {
  const found = await readingOf(config, checkpoint, descriptions, signal)
  const alone = adapter !== null && isAdapterAlone(checkpoint)
  const beside = adapter !== null && !alone && !merged
  const reading: ModelReading = {
    ...found,
    unlikeStored: merged ? 'adapter' : found.unlikeStored,
    ...(alone && { notRunnable: adapterAlone(adapter, checkpoint.files[0]!.label, whyNotMerged) }),
    notes: [
      ...notes,
      ...(beside ? [adapterBeside(adapter, whyNotMerged)] : []),
      ...unreadStates(checkpoint),
      ...found.notes
    ]
  }
  return reading.spec === null
    ? reading
    : { ...reading, notes: await notesOf(reading.spec, reading) }
}

async function notesOf(
  spec: TransformerSpec,
  { checkpoint, notes }: ModelReading
): Promise<string[]> {
  return [
    ...notes,
    ...(await untiedNotes(spec, checkpoint)),
    ...(await frequencyNotes(spec, checkpoint)),
    ...unusedTensors(spec, checkpoint)
  ]
}

async function readingOf(
  config: RawConfig,
  checkpoint: Checkpoint,
  { beside, kept }: FoundDescriptions,
  signal: AbortSignal
): Promise<ModelReading> {
  const nothing = {
    checkpoint,
    family: null,
    spec: null,
    onnx: null,
    unlikeStored: null,
    limits: [],
    notes: [],
    notRunnable: null
  }
  const described = readDescription(checkpoint, beside)
  if (described !== null && described.spec !== null) return described
  try {
    if (checkpoint.format === 'onnx') {
      const onnx = await readOnnxFacts(checkpoint, config, signal)
      return { ...nothing, family: 'onnx', onnx, limits: onnx.limits }
    }
    return { ...nothing, ...readByFamily(config, checkpoint) }
  } catch (error) {
    const notRunnable = whyNotRunnable(toLamellaError(error), config, checkpoint)
    return described ?? readDescription(checkpoint, kept) ?? { ...nothing, notRunnable }
  }
}

/**
 * Why no family reads a model. What config.json says wrongly stops its run and hides no weights.
 * @throws the error, where it is of the files of weights
 */
function whyNotRunnable(
  error: LamellaError,
  config: RawConfig,
  { format }: Checkpoint
): NonNullable<ModelReading['notRunnable']> {
  const { code, message, hint } = error
  if (format === 'onnx') {
    if (code === 'unsupported') return { message, hint }
    throw error
  }
  if (code !== 'unsupported' && code !== 'file-invalid') throw error
  if (Object.keys(config).length === 0)
    return {
      message: 'config.json: it is missing or empty, so nothing says what the model computes',
      hint: 'Describe this model in the window; from then on it runs.'
    }
  const quantised = quantisationOf(config)
  if (quantised !== null)
    return {
      message: `config.json: weights are quantised by ${quantised}, and do not run as they are stored (${message})`,
      hint: 'Open the model that it was made of; these weights can be looked at as they are stored.'
    }
  const next = 'Correct it to run the model; its weights can be looked at as they are.'
  return { message, hint: hint ?? next }
}

/** A model read by a description; null when there is none. */
function readDescription(checkpoint: Checkpoint, file: LamellaFile | null): ModelReading | null {
  if (file?.model === undefined) return null
  const flat = { ...checkpoint, tensors: withoutUnitAxes(checkpoint.tensors) }
  const reading = {
    checkpoint: flat,
    family: 'described',
    spec: null,
    onnx: null,
    unlikeStored: null,
    limits: [],
    notes: [],
    notRunnable: null
  }
  try {
    return { ...reading, spec: describedSpec(file.model, flat.tensors, 'lamella.json') }
  } catch (error) {
    return { ...reading, checkpoint, family: null, notRunnable: toLamellaError(error) }
  }
}

/** What is known of a model by what it is read as. */
export type ReadingInfo = Pick<
  ModelInfo,
  | 'config'
  | 'hooks'
  | 'mlps'
  | 'architecture'
  | 'limits'
  | 'notes'
  | 'unlikeStored'
  | 'predicts'
  | 'ofText'
  | 'labels'
  | 'parameters'
  | 'parametersStored'
  | 'tensors'
  | 'visibility'
  | 'scores'
  | 'ties'
>

export function readingInfo(reading: ModelReading): ReadingInfo {
  const { checkpoint, spec, onnx, unlikeStored, limits, notes } = reading
  const config = spec === null ? (onnx?.widths ?? null) : modelConfig(spec)
  return {
    config,
    ...countParameters(checkpoint, spec, config?.nLayers ?? 0),
    visibility: spec === null ? null : visibilityOf(spec),
    scores: spec === null ? null : scoresOf(spec),
    ...(spec !== null && {
      mlps: mlpsOf(spec),
      architecture: architectureDiagram(spec, checkpoint.tensors)
    }),
    hooks: spec === null ? [...(onnx?.hooks ?? [])] : hooksOf(spec),
    limits: [...limits],
    notes: [...notes],
    ...(unlikeStored !== null && { unlikeStored }),
    predicts: spec === null ? (onnx?.predicts ?? null) : predicted(spec),
    ...((spec?.unembedding?.from ?? 'every') !== 'every' && { ofText: true }),
    ...(spec?.unembedding?.labels && { labels: [...spec.unembedding.labels] })
  }
}

function predicted({ unembedding, causal }: TransformerSpec): ModelInfo['predicts'] {
  if (unembedding === null) return null
  if (unembedding.labels !== null) return 'labels'
  return causal ? 'next' : 'masked'
}

function visibilityOf({ causal, blocks }: TransformerSpec): Visibility[] {
  return blocks.map(({ attention: { reach } }) => ({ causal, reach }))
}

function scoresOf({ dHead, blocks }: TransformerSpec): ScoreFacts[] {
  return blocks.map(({ attention: { scale, softCap, positions, queryKeyNorm, sinks } }) => ({
    scale: scale ?? 1 / Math.sqrt(dHead),
    softCap,
    alibi:
      positions?.kind === 'alibi' ? { scale: positions.scale, rounding: positions.rounding } : null,
    ...(positions?.kind === 'relative' && {
      relative: { buckets: positions.buckets, furthest: positions.furthest }
    }),
    ...(sinks !== null && { sinks: true }),
    vectors: positions?.kind === 'rotary' ? 'turned' : queryKeyNorm === null ? 'projected' : null
  }))
}

function mlpsOf({ blocks, dMlp }: TransformerSpec): MlpFacts[] {
  return blocks.map(({ mlp }) => {
    const neurons = neuronCount(mlp, dMlp)
    if (mlp?.kind !== 'experts') return { neurons }
    const { experts, chosen, shared } = mlp
    const widthOf = (of: DenseMlpSpec) => of.width ?? dMlp
    return {
      neurons,
      experts: {
        count: experts.length,
        chosen,
        neurons: widthOf(experts[0]!),
        shared: shared === null ? 0 : widthOf(shared.mlp)
      }
    }
  })
}

function modelConfig(spec: TransformerSpec): ModelInfo['config'] {
  const { nHeads, nKeyValueHeads, dModel, dHead, dVocab, nCtx, blocks } = spec
  const dMlp = Math.max(...blocks.map(({ mlp }) => neuronCount(mlp, spec.dMlp)))
  return { nLayers: blocks.length, nHeads, nKeyValueHeads, dModel, dHead, dMlp, dVocab, nCtx }
}
