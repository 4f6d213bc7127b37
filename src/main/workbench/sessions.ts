import type { Provider } from '#common/contract/schemas.ts'
import type { BlockHook } from '#common/model/hooks.ts'
import { elementCount } from '#common/model/tensor.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { buildBlock } from '../architecture/builder/block.ts'
import { buildEmbedding, buildUnembedding } from '../architecture/builder/ends.ts'
import type { TensorEntry } from '../checkpoint/checkpoint.ts'
import { readRowMajor } from '../checkpoint/read.ts'
import type { SessionSource, WeightBytes, WeightRange } from '../engine/protocol.ts'
import { writeOnnx, type OnnxModel, type OnnxWeight } from '../graph/onnx.ts'
import type { Model } from './model.ts'

/** One part of a model, as a session of the engine. */
export interface PartSession {
  readonly name: string
  /** Built when the engine has no session of that name. */
  readonly source: () => Promise<SessionSource>
}

/** A model that a family reads. */
export type RunnableModel = Model & { readonly spec: TransformerSpec }

export function embeddingSession(model: RunnableModel, provider: Provider): PartSession {
  const write = () => writeOnnx(buildEmbedding(model.spec, model.checkpoint.tensors))
  return partSession(model, provider, 'embed', write)
}

/** What a block's session of its own computes: a run needs no more. */
export const blockOutputs: readonly BlockHook[] = ['hook_resid_post', 'attn.hook_pattern']

/** The session of a block that stays loaded. */
export function blockSession(model: RunnableModel, provider: Provider, layer: number): PartSession {
  const build = () => buildBlock(model.spec, layer, model.checkpoint.tensors)
  const write = () => writeOnnx(build(), blockOutputs)
  return partSession(model, provider, `blocks.${layer}`, write, staysHalf(provider))
}

/** A session of a block that computes every hook: slower, and a second copy of its weights. */
export function detailSession(
  model: RunnableModel,
  provider: Provider,
  layer: number
): PartSession {
  const write = () => writeOnnx(buildBlock(model.spec, layer, model.checkpoint.tensors))
  return partSession(model, provider, `blocks.${layer} in detail`, write, staysHalf(provider))
}

export function unembeddingSession(model: RunnableModel, provider: Provider): PartSession {
  const build = () => buildUnembedding(model.spec, model.checkpoint.tensors)
  // The largest matrix of all, and mostly of few rows at a time: it is not to lie in memory twice.
  const write = () => writeOnnx(build(), undefined, provider === 'cpu')
  return partSession(model, provider, 'unembed', write)
}

/** Whether a session is one of a model's. */
export function isSessionOf(model: Model, session: string): boolean {
  return session.startsWith(`${model.info.id} `)
}

/**
 * Whether blocks keep weights in half precision as they are stored. On the CPU casting them at every run costs little
 * beside the products of all but the shortest texts, and saves half of the memory; other providers have no such casts.
 */
export function staysHalf(provider: Provider): boolean {
  return provider === 'cpu'
}

/** What a weight takes once it is loaded, in bytes: float32, unless it stays in half precision. */
export function residentBytes(
  { dtype, shape }: Pick<TensorEntry, 'dtype' | 'shape'>,
  keepsHalf: boolean
): number {
  return elementCount(shape) * (keepsHalf && isHalf(dtype) ? 2 : 4)
}

function isHalf(dtype: TensorEntry['dtype']): boolean {
  return dtype === 'F16' || dtype === 'BF16'
}

/** A part of a model by the ONNX model that computes it. */
export function partSession(
  model: Model,
  provider: Provider,
  name: string,
  write: () => OnnxModel,
  keepsHalf = false
): PartSession {
  return {
    name: `${model.info.id} ${provider} ${name}`,
    async source() {
      const { bytes, weights } = write()
      const entries = weights.map(({ name }) => model.checkpoint.tensors.get(name)!)
      return {
        model: bytes,
        provider,
        group: model.info.id,
        residentBytes: entries.reduce((sum, entry) => sum + residentBytes(entry, keepsHalf), 0),
        castsAtRun: keepsHalf && entries.some(({ dtype }) => isHalf(dtype)),
        weights: await Promise.all(entries.map((entry, i) => weightOf(entry, weights[i]!)))
      }
    }
  }
}

async function weightOf(
  entry: TensorEntry,
  weight: OnnxWeight
): Promise<WeightRange | WeightBytes> {
  if (entry.strides !== undefined || entry.content !== undefined)
    return { ...weight, bytes: await readRowMajor(entry) }
  const { file, offset, byteLength, crc32 } = entry
  return { ...weight, file, offset, byteLength, ...(crc32 !== undefined && { crc32 }) }
}
