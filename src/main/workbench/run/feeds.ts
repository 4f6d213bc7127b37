import type { Tensor } from '#common/model/tensor.ts'
import type { EngineFeed, EngineFeeds } from '../../engine/protocol.ts'

/** Tensors as inputs of a part. */
export function feeds(tensors: Readonly<Record<string, Tensor>>): EngineFeeds {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, floatFeed(tensor)])
  )
}

export function floatFeed({ shape, data }: Tensor): EngineFeed {
  return { type: 'float32', shape, data }
}
