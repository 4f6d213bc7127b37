import type { Provider } from '#common/model/provider.ts'
import type { Engine } from '../../engine/client.ts'
import { outputOfBlock } from './block-names.ts'
import { chunkOf, chunksOf, only } from './chunks.ts'
import { feeds } from './feeds.ts'
import { blocksPart, type BlocksPart } from './parts.ts'
import { partInputs } from './part-inputs.ts'
import type { RunnableModel } from '../model/model.ts'

/** Runs a block of a model on a made-up residual of `count` tokens, loading it when it is not. */
export async function runBlockAlone(
  engine: Engine,
  model: RunnableModel,
  provider: Provider,
  layer: number,
  count: number,
  signal?: AbortSignal
): Promise<Float32Array> {
  const { dModel } = model.spec
  const data = Float32Array.from({ length: count * dModel }, (_, i) => Math.sin(i * 12.9898))
  const part = partOfBlock(engine, model, provider, layer)
  const given = {
    ...feeds({ hook_resid_pre: { shape: [count, dModel], data } }),
    // Any ids: where there is padding, one of them.
    ...partInputs(
      model.spec,
      part.blocks,
      only(layer),
      Array.from({ length: count }, (_, i) => i + (model.spec.padding ?? 0))
    )
  }
  const output = outputOfBlock(layer, 'hook_resid_post')
  const wanted = [{ name: output, type: 'float32' }] as const
  const results = await engine.run(part.name, part.source, given, wanted, signal)
  return results[output]!.data as Float32Array
}

/** The part by which an unedited run has a block. */
export function partOfBlock(
  engine: Pick<Engine, 'budget'>,
  model: RunnableModel,
  provider: Provider,
  layer: number
): BlocksPart {
  const chunks = chunksOf(model, provider, engine.budget())
  return blocksPart(model, provider, chunkOf(chunks, layer))
}
