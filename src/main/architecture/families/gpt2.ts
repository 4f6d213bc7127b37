import type { Family } from '../family.ts'
import { gpt2Aliases, gpt2Like } from './gpt2-like.ts'

/** GPT-2 and its fine-tunes (`GPT2LMHeadModel`, `GPT2Model`). */
export const gpt2: Family = {
  name: 'gpt2',
  modelTypes: ['gpt2'],
  aliases: gpt2Aliases,

  describe(config, tensors) {
    const scaled = config.boolean('scale_attn_weights', true)
    const scaledByLayer = config.boolean('scale_attn_by_inverse_layer_idx', false)
    return gpt2Like(config, tensors, {
      activation: 'gelu_new',
      stored: linear => ({ ...linear, stored: 'in,out' }),
      layout: 'concatenated',
      keyValueHeads: nHeads => nHeads,
      scale: (layer, dHead) => (scaled ? dHead ** -0.5 : 1) / (scaledByLayer ? layer + 1 : 1)
    })
  }
}
