import type { Family } from '../family.ts'
import { gpt2Aliases, gpt2Like } from './gpt2-like.ts'

/** GPT-BigCode, StarCoder and SantaCoder: GPT-2 whose queries share one key and one value head. */
export const gptBigcode: Family = {
  name: 'gpt_bigcode',
  modelTypes: ['gpt_bigcode'],
  aliases: gpt2Aliases,

  describe(config, tensors) {
    const shared = config.boolean('multi_query', true)
    const scaled = config.boolean('scale_attn_weights', true)
    return gpt2Like(config, tensors, {
      activation: 'gelu_pytorch_tanh',
      stored: linear => linear,
      layout: shared ? 'concatenated' : 'interleaved',
      keyValueHeads(nHeads) {
        const keyValues = shared ? 1 : nHeads
        if (config.width('num_key_value_heads', keyValues) !== keyValues)
          throw config.invalid('num_key_value_heads', `${keyValues}, as multi_query says`)
        return keyValues
      },
      scale: () => (scaled ? null : 1)
    })
  }
}
