import type { Family } from '../family.ts'
import { llamaLike, reachOf, withAttention } from './llama-like.ts'

/** Mistral: Llama whose queries see a sliding window of keys. */
export const mistral: Family = {
  name: 'mistral',
  modelTypes: ['mistral'],
  fields: ['sliding_window'],

  describe(config, tensors) {
    const reach = reachOf(config, 'sliding_window')
    return llamaLike(config, tensors, { block: block => withAttention(block, { reach }) })
  }
}
