import type { LinearSpec, NormSpec } from '#common/model/spec.ts'
import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'

/** GPT-2 and its fine-tunes (`GPT2LMHeadModel`, `GPT2Model`). */
export const gpt2: Family = {
  name: 'gpt2',
  modelTypes: ['gpt2'],

  describe(config, tensors) {
    const dModel = config.width('n_embd', 768)
    const nHeads = config.width('n_head', 12)
    const dMlp = config.width('n_inner', 4 * dModel)
    const epsilon = config.number('layer_norm_epsilon', 1e-5)
    const activation = config.choice('activation_function', activationNames, 'gelu_new')
    const scaled = config.boolean('scale_attn_weights', true)
    const scaledByLayer = config.boolean('scale_attn_by_inverse_layer_idx', false)
    const tied = config.boolean('tie_word_embeddings', true)
    const dHead = dModel / nHeads

    const prefix = tensors.has('transformer.wte.weight') ? 'transformer.' : ''
    const norm = (name: string): NormSpec => ({
      scale: `${prefix}${name}.weight`,
      shift: `${prefix}${name}.bias`,
      epsilon
    })
    const conv1d = (name: string): LinearSpec => ({
      weight: `${prefix}${name}.weight`,
      bias: `${prefix}${name}.bias`,
      stored: 'in,out'
    })

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead,
      dMlp,
      dVocab: config.width('vocab_size', 50257),
      nCtx: config.width('n_positions', 1024),
      causal: true,
      embedding: { tokens: `${prefix}wte.weight`, positions: `${prefix}wpe.weight` },
      blocks: Array.from({ length: config.blocks('n_layer', 12) }, (_, layer) => ({
        ln1: norm(`h.${layer}.ln_1`),
        attention: {
          qkv: conv1d(`h.${layer}.attn.c_attn`),
          output: conv1d(`h.${layer}.attn.c_proj`),
          scale: (scaled ? dHead ** -0.5 : 1) / (scaledByLayer ? layer + 1 : 1)
        },
        ln2: norm(`h.${layer}.ln_2`),
        mlp: {
          input: conv1d(`h.${layer}.mlp.c_fc`),
          output: conv1d(`h.${layer}.mlp.c_proj`),
          activation
        }
      })),
      finalNorm: norm('ln_f'),
      unembedding: {
        weight: tied ? `${prefix}wte.weight` : 'lm_head.weight',
        bias: null,
        stored: 'out,in'
      }
    }
  }
}
