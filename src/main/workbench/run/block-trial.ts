import type { Provider } from '#common/model/provider.ts'
import { blockInputs, seenKeys } from '../../architecture/block-inputs.ts'
import type { Engine } from '../../engine/client.ts'
import type { EngineFeeds } from '../../engine/protocol.ts'
import { blockPart } from './parts.ts'
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
  const inputs = {
    hook_resid_pre: { shape: [count, dModel], data },
    ...blockInputs(model.spec, layer, count),
    // Any ids: where there is padding, one of them.
    ...seenKeys(
      model.spec,
      Array.from({ length: count }, (_, i) => i + (model.spec.padding ?? 0))
    )
  }
  const feeds: EngineFeeds = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, { type: 'float32', ...input }])
  )
  const { name, source } = blockPart(model, provider, layer)
  const wanted = [{ name: 'hook_resid_post', type: 'float32' }] as const
  const { hook_resid_post: output } = await engine.run(name, source, feeds, wanted, signal)
  return output!.data as Float32Array
}
