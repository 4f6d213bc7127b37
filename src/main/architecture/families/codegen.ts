import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import { gpt2Aliases } from './gpt2.ts'

/** CodeGen 1 and 2: GPT-J with queries, values and keys in one matrix, as the devices that it was trained on held them. */
export const codegen: Family = {
  name: 'codegen',
  modelTypes: ['codegen'],
  aliases: gpt2Aliases,

  describe(config, tensors) {
    const dModel = config.width('n_embd', 4096)
    const nHeads = config.width('n_head', 16)
    const dHead = dModel / nHeads
    const partitions = devicesOf(config)
    if (nHeads % partitions !== 0) throw config.invalid('n_head', `a multiple of ${partitions}`)
    const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)
    const activation = config.choice('activation_function', activationNames, 'gelu_new')
    const dims = config.width('rotary_dim', 64, 2 * Math.floor(dHead / 2))

    const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = { embedding: tensor('wte.weight'), unembedding: 'lm_head.weight', tied: false }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead,
      dMlp: config.width('n_inner', 4 * dModel),
      dVocab: config.width('vocab_size', 50400),
      nCtx: config.width('n_positions', 2048),
      causal: true,
      embedding: { tokens: embeddingTensor(config, tensors, names) },
      blocks: forBlocks(config.blocks('n_layer', 28), layer => {
        const normed = layerNorm(`h.${layer}.ln_1`, epsilon)
        return {
          parallel: true,
          norms: { attentionIn: normed, mlpIn: normed },
          attention: {
            projections: {
              layout: 'partitioned',
              linear: linear(`h.${layer}.attn.qkv_proj`, false),
              partitions
            },
            output: linear(`h.${layer}.attn.out_proj`, false),
            positions: { kind: 'rotary', dims, pairs: 'adjacent', base: 10000 }
          },
          mlp: {
            kind: 'plain',
            input: linear(`h.${layer}.mlp.fc_in`),
            output: linear(`h.${layer}.mlp.fc_out`),
            activation
          }
        }
      }),
      finalNorm: layerNorm('ln_f', epsilon),
      unembedding: decoderHead(config, tensors, names, { bias: 'lm_head.bias' })
    }
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
