import type { z } from 'zod'
import type { RotarySpec } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { rotaryOf } from '../rotary-config.ts'
import { layerTypes, llamaLike, reachOf, withAttention } from './llama-like.ts'
import { expertCounts, refuseFourBits, type Experts } from './mixture.ts'

/** GPT-OSS: Llama with attention sinks, windows in every other layer, and experts that are clamped. */
export const gptOss: Family = {
  name: 'gpt_oss',
  modelTypes: ['gpt_oss'],

  describe(config, tensors) {
    refuseFourBits(tensors)
    if (config.number('swiglu_limit', clampedAt) !== clampedAt)
      throw config.unsupported('swiglu_limit')
    const bias = config.boolean('attention_bias', true)
    const { experts: count, chosen } = expertCounts(config, { experts: 128, chosen: 4 })
    const width = config.width('intermediate_size', gptOssDefaults.intermediate_size)
    const reach = reachOf(config, 'sliding_window', 128)
    const types = layerTypes(config, layer =>
      layer % 2 === 0 ? 'sliding_attention' : 'full_attention'
    )
    return llamaLike(config, tensors, {
      biases: { qkv: bias, output: bias, mlp: false },
      dHead: config.width('head_dim', 64),
      defaults: gptOssDefaults,
      norm: (parts, module) => parts.rmsNorm(module, config.notNegative('rms_norm_eps', 1e-5)),
      rotary: (_, dHead) => rotary(config, dHead),
      block: (block, layer, { parts: { tensor, linear } }) => ({
        ...withAttention(block, {
          sinks: tensor(`layers.${layer}.self_attn.sinks`),
          reach: types(layer) === 'sliding_attention' ? reach : null
        }),
        mlp: {
          kind: 'experts',
          router: linear(`layers.${layer}.mlp.router`),
          chosen,
          softmaxOver: 'chosen',
          experts: clampedExperts(tensor(`layers.${layer}.mlp.experts`), count, width)
        }
      })
    })
  }
}

/** What gates and inputs of experts are bounded by. */
const clampedAt = 7

/** @source transformers, `GptOssConfig` */
const gptOssDefaults = {
  hidden_size: 2880,
  intermediate_size: 2880,
  max_position_embeddings: 131072,
  num_attention_heads: 64,
  num_hidden_layers: 36,
  num_key_value_heads: 8,
  vocab_size: 201088
}

/**
 * Experts whose gate and input take turns on the output axis of stacked matrices. transformers has α and the limit in its code.
 * @source transformers, `GptOssExperts`
 */
function clampedExperts(within: string, count: number, width: number): Experts['experts'] {
  return Array.from({ length: count }, (_, index): Experts['experts'][number] => {
    const of = (module: string) => ({
      weight: `${within}.${module}`,
      bias: `${within}.${module}_bias`,
      stacked: { index, count },
      stored: 'in,out' as const
    })
    return {
      kind: 'gated-fused',
      width,
      gateAndInput: of('gate_up_proj'),
      order: 'alternating',
      output: of('down_proj'),
      activation: 'gelu-quick',
      limit: clampedAt,
      inputOffset: 1
    }
  })
}

/** As config.json says; where it says nothing, stretched from 4,096 tokens as the class does. */
function rotary(config: ConfigReader, dHead: number): z.input<typeof RotarySpec> {
  const said = rotaryOf(config, dHead, { base: 150000 })
  if (config.has('rope_parameters') || config.has('rope_scaling')) return said
  const factor = 32
  const amplitude = 0.1 * Math.log(factor) + 1
  return { ...said, scaling: { type: 'yarn', factor, trained: 4096, truncate: false, amplitude } }
}
