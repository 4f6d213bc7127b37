import { z } from 'zod'
import type { ModelInfo } from '../../../contract/schemas.ts'
import { fingerprintsIn } from '../../panels/panel-models.ts'
import type { KeptProvenance, PanelsProvenance } from '../../provenance.ts'

/** What is known of a model whose numbers PyTorch is asked for. */
export interface TorchModel {
  /** Of its weights, in the folder. */
  readonly files: readonly string[]
  /** Why transformers cannot load it; null where it can. */
  readonly notLoaded: string | null
  /** Why what its files store is another model to whoever loads them; null where it is the same. */
  readonly notStored: string | null
  readonly predicts: ModelInfo['predicts']
  /** Tensors that positions are told by. */
  readonly positions: readonly string[]
}

/** What is known of models, by the fingerprints of their files. */
export type KnownModels = ReadonlyMap<string, TorchModel>

/** What is known of the models that numbers come from; of several with the same files the first says it. */
export function knownModels(
  from: KeptProvenance | PanelsProvenance,
  models: readonly (TorchInfo & Pick<ModelInfo, 'fingerprint'>)[]
): KnownModels {
  const asked = fingerprintsIn(from)
  const own = models.filter(({ fingerprint }) => asked.has(fingerprint)).toReversed()
  return new Map(own.map(model => [model.fingerprint, torchModel(model)]))
}

/** Weights under the names that transformers looks for. */
const known = /^(model|pytorch_model)[^/\\]*\.(safetensors|bin)$/
/** Files that safetensors or PyTorch read. */
const readable = /\.(safetensors|bin|pth|pt|ckpt)$/i
const Config = z.looseObject({ model_type: z.string() })

const notStored: Readonly<Record<NonNullable<ModelInfo['unlikeStored']>, string>> = {
  adapter: 'an adapter is merged into its weights here',
  names: 'its tensors are stored under names that a wrapper gave them'
}

type TorchInfo = Pick<ModelInfo, 'tensors' | 'rawConfig' | 'adapter' | 'unlikeStored' | 'predicts'>

export function torchModel({
  tensors,
  rawConfig,
  adapter,
  unlikeStored,
  predicts
}: TorchInfo): TorchModel {
  const stored = tensors.filter(({ tiedTo }) => tiedTo === null)
  const files = [...new Set(stored.map(({ file }) => file))]
  const positions = stored.filter(({ category }) => category === 'position')
  return {
    files,
    predicts,
    positions: positions.map(({ name }) => name),
    notLoaded: notLoaded(files, rawConfig, adapter !== undefined),
    notStored: unlikeStored === undefined ? null : notStored[unlikeStored]
  }
}

/** The first of its files that neither safetensors nor PyTorch read; null where they read all. */
export function unreadFile({ files }: TorchModel): string | null {
  return files.find(file => !readable.test(file)) ?? null
}

function notLoaded(files: readonly string[], rawConfig: string, isAdapter: boolean): string | null {
  if (isAdapter) return 'it is an adapter alone'
  const other = files.find(file => !known.test(file))
  if (!hasConfig(rawConfig)) return 'it has no config.json that names its architecture'
  return other === undefined ? null : `its weights lie in ${other}`
}

function hasConfig(rawConfig: string): boolean {
  try {
    return Config.safeParse(JSON.parse(rawConfig)).success
  } catch {
    return false
  }
}
