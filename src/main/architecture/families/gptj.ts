import type { Family } from '../family.ts'
import { gpt2Aliases } from './gpt2-like.ts'
import { gptjLike } from './gptj-like.ts'

/** GPT-J. */
export const gptj: Family = {
  name: 'gptj',
  modelTypes: ['gptj'],
  aliases: gpt2Aliases,

  describe: (config, tensors) =>
    gptjLike(config, tensors, ({ linear }, attention) => ({
      layout: 'separate',
      query: linear(`${attention}.q_proj`, false),
      key: linear(`${attention}.k_proj`, false),
      value: linear(`${attention}.v_proj`, false)
    }))
}
