import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'

/** The names by which transformers takes widths of GPT-2 and its like, too. */
export const gpt2Aliases = {
  n_embd: 'hidden_size',
  n_head: 'num_attention_heads',
  n_layer: 'num_hidden_layers',
  n_positions: 'max_position_embeddings'
}

/** GPT-2 and its fine-tunes (`GPT2LMHeadModel`, `GPT2Model`). */
export const gpt2: Family = {
  name: 'gpt2',
  modelTypes: ['gpt2'],
  aliases: gpt2Aliases,

  describe(config, tensors) {
    const dModel = config.width('n_embd', 768)
    const nHeads = config.width('n_head', 12)
    const dHead = dModel / nHeads
    const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)
    const activation = config.choice('activation_function', activationNames, 'gelu_new')
    const scaled = config.boolean('scale_attn_weights', true)
    const scaledByLayer = config.boolean('scale_attn_by_inverse_layer_idx', false)

    const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const conv1d = (module: string) => ({ ...linear(module), stored: 'in,out' as const })
    const names = { embedding: tensor('wte.weight'), unembedding: 'lm_head.weight', tied: true }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
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
          projections: { layout: 'concatenated', linear: conv1d(`h.${layer}.attn.c_attn`) },
          output: conv1d(`h.${layer}.attn.c_proj`),
          scale: (scaled ? dHead ** -0.5 : 1) / (scaledByLayer ? layer + 1 : 1)
        },
        mlp: {
          kind: 'plain',
          input: conv1d(`h.${layer}.mlp.c_fc`),
          output: conv1d(`h.${layer}.mlp.c_proj`),
          activation
        }
      })),
      finalNorm: layerNorm('ln_f', epsilon),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}
