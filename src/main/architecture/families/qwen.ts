import type { BlockDescription } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { layerTypes, llamaLike, reachOf, withAttention, type NormOf } from './llama-like.ts'

/** Qwen 2 and 2.5: Llama with biases of queries, keys and values. */
export const qwen2: Family = {
  name: 'qwen2',
  modelTypes: ['qwen2'],

  describe(config, tensors) {
    const reach = windowsFrom(config)
    return llamaLike(config, tensors, {
      biases: { qkv: true, output: false, mlp: false },
      block: (block, layer) => withAttention(block, { reach: reach(layer) })
    })
  }
}

/** Qwen 3: Llama that normalises every head's queries and keys. */
export const qwen3: Family = {
  name: 'qwen3',
  modelTypes: ['qwen3'],

  describe(config, tensors) {
    const bias = config.boolean('attention_bias', false)
    const reach = windowsFrom(config)
    return llamaLike(config, tensors, {
      biases: { qkv: bias, output: bias, mlp: false },
      dHead: config.width('head_dim', 128),
      block: (block, layer, { norm }) =>
        withHeadNorms(withAttention(block, { reach: reach(layer) }), norm)
    })
  }
}

/** Norms of every head's queries and keys. */
export function withHeadNorms<B extends BlockDescription>(block: B, norm: NormOf): B {
  const [query, key] = [norm('self_attn.q_norm'), norm('self_attn.k_norm')]
  return withAttention(block, { queryKeyNorm: { over: 'head', query, key } })
}

/** Windows in the layers from `max_window_layers` on, where they are in use at all. */
export function windowsFrom(config: ConfigReader): (layer: number) => number | null {
  const used = config.boolean('use_sliding_window', false)
  const reach = used ? reachOf(config, 'sliding_window', 4096) : null
  const from = used ? config.index('max_window_layers', 28) : 0
  const types = layerTypes(config, layer =>
    layer >= from ? 'sliding_attention' : 'full_attention'
  )
  return layer => (types(layer) === 'sliding_attention' ? reach : null)
}
