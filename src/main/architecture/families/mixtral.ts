import type { Family } from '../family.ts'
import { rotaryOf } from '../rotary-config.ts'
import { llamaLike, reachOf, withAttention } from './llama-like.ts'
import { expertCounts, gatedExperts } from './mixture.ts'

/** Mixtral: Mistral with experts in the place of every MLP. */
export const mixtral: Family = {
  name: 'mixtral',
  modelTypes: ['mixtral'],

  describe(config, tensors) {
    const reach = reachOf(config, 'sliding_window')
    const { experts: count, chosen } = expertCounts(config, { experts: 8, chosen: 2 })
    return llamaLike(config, tensors, {
      defaults: mixtralDefaults,
      norm: (parts, module) => parts.rmsNorm(module, config.notNegative('rms_norm_eps', 1e-5)),
      rotary: (_, dHead) => rotaryOf(config, dHead, { base: 1e6 }),
      block(block, layer, { parts: { tensor, linear } }) {
        // A state dict from memory has another name for the module.
        const inMemory = tensors.has(tensor(`layers.${layer}.mlp.gate.weight`))
        const module = `layers.${layer}.${inMemory ? 'mlp' : 'block_sparse_moe'}`
        const modules = { gate: 'w1', input: 'w3', output: 'w2' }
        const { activation } = block.mlp
        const width = config.width('intermediate_size', mixtralDefaults.intermediate_size)
        return {
          ...withAttention(block, { reach }),
          mlp: {
            kind: 'experts',
            router: linear(`${module}.gate`, false),
            chosen,
            softmaxOver: 'chosen',
            experts: gatedExperts(tensors, tensor(`${module}.experts`), modules, {
              count,
              width,
              activation
            })
          }
        }
      }
    })
  }
}

/** @source transformers, `MixtralConfig` */
const mixtralDefaults = {
  hidden_size: 4096,
  intermediate_size: 14336,
  max_position_embeddings: 4096 * 32,
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  vocab_size: 32000
}
