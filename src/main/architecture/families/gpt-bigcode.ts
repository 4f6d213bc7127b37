import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import { gpt2Aliases } from './gpt2.ts'

/** GPT-BigCode, StarCoder and SantaCoder: GPT-2 whose queries share one key and one value head. */
export const gptBigcode: Family = {
  name: 'gpt_bigcode',
  modelTypes: ['gpt_bigcode'],
  aliases: gpt2Aliases,

  describe(config, tensors) {
    const dModel = config.width('n_embd', 768)
    const nHeads = config.width('n_head', 12)
    const dHead = dModel / nHeads
    const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)
    const activation = config.choice('activation_function', activationNames, 'gelu_pytorch_tanh')
    const shared = config.boolean('multi_query', true)
    const keyValues = shared ? 1 : nHeads
    if (config.width('num_key_value_heads', keyValues) !== keyValues)
      throw config.invalid('num_key_value_heads', `${keyValues}, as multi_query says`)
    const scaled = config.boolean('scale_attn_weights', true)

    const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = { embedding: tensor('wte.weight'), unembedding: 'lm_head.weight', tied: true }

    return {
      nHeads,
      nKeyValueHeads: keyValues,
      dModel,
      dHead,
      dMlp: config.width('n_inner', 4 * dModel),
      dVocab: config.width('vocab_size', 50257),
      nCtx: config.width('n_positions', 1024),
      causal: true,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        positions: { kind: 'learned', table: tensor('wpe.weight') }
      },
      blocks: forBlocks(config.blocks('n_layer', 12), layer => ({
        norms: {
          attentionIn: layerNorm(`h.${layer}.ln_1`, epsilon),
          mlpIn: layerNorm(`h.${layer}.ln_2`, epsilon)
        },
        attention: {
          projections: {
            layout: shared ? 'concatenated' : 'interleaved',
            linear: linear(`h.${layer}.attn.c_attn`)
          },
          output: linear(`h.${layer}.attn.c_proj`),
          scale: scaled ? null : 1
        },
        mlp: {
          kind: 'plain',
          input: linear(`h.${layer}.mlp.c_fc`),
          output: linear(`h.${layer}.mlp.c_proj`),
          activation
        }
      })),
      finalNorm: layerNorm('ln_f', epsilon),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}
