import type { Provider } from '#common/contract/schemas.ts'
import type { BlockHook } from '#common/model/hooks.ts'
import { elementCount } from '#common/model/tensor.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { buildBlock } from '../architecture/builder/block.ts'
import { buildEmbedding, buildUnembedding } from '../architecture/builder/ends.ts'
import type { TensorEntry } from '../checkpoint/checkpoint.ts'
import { readRowMajor } from '../checkpoint/read.ts'
import type { SessionSource, WeightBytes, WeightRange } from '../engine/protocol.ts'
import { writeOnnx, type OnnxModel } from '../graph/onnx.ts'
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
  return partSession(model, provider, `blocks.${layer}`, () => writeOnnx(build(), blockOutputs))
}

/** A session of a block that computes every hook: slower, and a second copy of its weights. */
export function detailSession(
  model: RunnableModel,
  provider: Provider,
  layer: number
): PartSession {
  const write = () => writeOnnx(buildBlock(model.spec, layer, model.checkpoint.tensors))
  return partSession(model, provider, `blocks.${layer} in detail`, write)
}

export function unembeddingSession(model: RunnableModel, provider: Provider): PartSession {
  const write = () => writeOnnx(buildUnembedding(model.spec, model.checkpoint.tensors))
  return partSession(model, provider, 'unembed', write)
}

/** Whether a session is one of a model's. */
export function isSessionOf(model: Model, session: string): boolean {
  return session.startsWith(`${model.info.id} `)
}

/** A part of a model by the ONNX model that computes it. */
export function partSession(
  model: Model,
  provider: Provider,
  name: string,
  write: () => OnnxModel
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
        residentBytes: entries.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0),
        weights: await Promise.all(entries.map((entry, i) => weightOf(entry, weights[i]!.location)))
      }
    }
  }
}

async function weightOf(entry: TensorEntry, location: string): Promise<WeightRange | WeightBytes> {
  if (entry.strides !== undefined || entry.content !== undefined)
    return { location, bytes: await readRowMajor(entry) }
  const { file, offset, byteLength, crc32 } = entry
  return { location, file, offset, byteLength, ...(crc32 !== undefined && { crc32 }) }
}
