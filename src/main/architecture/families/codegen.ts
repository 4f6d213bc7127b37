import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { gpt2Aliases } from './gpt2-like.ts'
import { gptjLike } from './gptj-like.ts'

/** CodeGen 1 and 2: GPT-J with queries, values and keys in one matrix, as the devices that it was trained on held them. */
export const codegen: Family = {
  name: 'codegen',
  modelTypes: ['codegen'],
  aliases: gpt2Aliases,

  describe(config, tensors) {
    const partitions = devicesOf(config)
    return gptjLike(config, tensors, ({ linear }, attention, nHeads) => {
      if (nHeads % partitions !== 0) throw config.invalid('n_head', `a multiple of ${partitions}`)
      return {
        layout: 'partitioned',
        linear: linear(`${attention}.qkv_proj`, false),
        partitions
      }
    })
  }
}

/**
 * How many devices queries, keys and values were divided among: four, and eight for CodeGen2 of 1 and of 3.7 billion
 * parameters, which alone say how wide their heads are.
 */
function devicesOf(config: ConfigReader): number {
  const width = config.has('head_dim') ? config.width('head_dim') : null
  return width === 128 || width === 256 ? 8 : 4
}
