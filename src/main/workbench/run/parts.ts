import type { Provider } from '#common/model/provider.ts'
import type { BlockHook } from '#common/model/hooks.ts'
import { elementCount } from '#common/model/tensor.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { buildBlock } from '../../architecture/builder/block.ts'
import { buildEmbedding, buildUnembedding } from '../../architecture/builder/ends.ts'
import type { TensorEntry } from '../../checkpoint/checkpoint.ts'
import { readRowMajor } from '../../checkpoint/read.ts'
import type { PartSource, WeightBytes, WeightRange } from '../../engine/protocol.ts'
import { writeOnnx, type OnnxModel, type OnnxWeight } from '../../graph/onnx.ts'
import type { Model } from '../model/model.ts'

/** One part of a model, as a part of the engine. */
export interface Part {
  readonly name: string
  /** Built when the engine has no part of that name. */
  readonly source: () => Promise<PartSource>
}

/** A model that a family reads. */
export type RunnableModel = Model & { readonly spec: TransformerSpec }

export function embeddingPart(model: RunnableModel, provider: Provider): Part {
  const write = () => writeOnnx(buildEmbedding(model.spec, model.checkpoint.tensors))
  return partOf(model, provider, 'embed', write)
}

/** What a block's part of its own computes: a run needs no more. */
export const blockOutputs: readonly BlockHook[] = ['hook_resid_post', 'attn.hook_pattern']

/** The part of a block that stays loaded. */
export function blockPart(model: RunnableModel, provider: Provider, layer: number): Part {
  const build = () => buildBlock(model.spec, layer, model.checkpoint.tensors)
  const write = () => writeOnnx(build(), blockOutputs)
  return partOf(model, provider, `blocks.${layer}`, write, staysHalf(provider))
}

/** A part of a block that computes every hook: slower, and a second copy of its weights. */
export function detailPart(model: RunnableModel, provider: Provider, layer: number): Part {
  const write = () => writeOnnx(buildBlock(model.spec, layer, model.checkpoint.tensors))
  return partOf(model, provider, `blocks.${layer} in detail`, write, staysHalf(provider))
}

/** A part of a block that computes what each head gives, which is large, and nothing else. */
export function resultPart(model: RunnableModel, provider: Provider, layer: number): Part {
  const build = () => buildBlock(model.spec, layer, model.checkpoint.tensors, { results: true })
  const write = () => writeOnnx(build(), ['attn.hook_result'])
  return partOf(model, provider, `blocks.${layer} by head`, write, staysHalf(provider))
}

export function unembeddingPart(model: RunnableModel, provider: Provider): Part {
  const build = () => buildUnembedding(model.spec, model.checkpoint.tensors)
  // The largest matrix of all, and mostly of few rows at a time: it is not to lie in memory twice.
  const write = () => writeOnnx(build(), undefined, provider === 'cpu')
  return partOf(model, provider, 'unembed', write)
}

/** Whether a part is one of a model's. */
export function isPartOf(model: Model, part: string): boolean {
  return part.startsWith(`${model.info.id} `)
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
export function partOf(
  model: Model,
  provider: Provider,
  name: string,
  write: () => OnnxModel,
  keepsHalf = false
): Part {
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
