import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'

/** GPT-Neo: GPT-2 with a window in every other layer, and scores that are not scaled. */
export const gptNeo: Family = {
  name: 'gpt_neo',
  modelTypes: ['gpt_neo'],
  aliases: { num_heads: 'num_attention_heads', num_layers: 'num_hidden_layers' },

  describe(config, tensors) {
    const dModel = config.width('hidden_size', 2048)
    const nHeads = config.width('num_heads', 16)
    const nLayers = config.blocks('num_layers', 24)
    const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)
    const activation = config.choice('activation_function', activationNames, 'gelu_new')
    const window = config.width('window_size', 256)
    const kinds = attentionKinds(config, nLayers)

    const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = { embedding: tensor('wte.weight'), unembedding: 'lm_head.weight', tied: true }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: config.width('intermediate_size', 4 * dModel),
      dVocab: config.width('vocab_size', 50257),
      nCtx: config.width('max_position_embeddings', 2048),
      causal: true,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        positions: { kind: 'learned', table: tensor('wpe.weight') }
      },
      blocks: forBlocks(nLayers, layer => ({
        norms: {
          attentionIn: layerNorm(`h.${layer}.ln_1`, epsilon),
          mlpIn: layerNorm(`h.${layer}.ln_2`, epsilon)
        },
        attention: {
          projections: {
            layout: 'separate',
            query: linear(`h.${layer}.attn.attention.q_proj`, false),
            key: linear(`h.${layer}.attn.attention.k_proj`, false),
            value: linear(`h.${layer}.attn.attention.v_proj`, false)
          },
          output: linear(`h.${layer}.attn.attention.out_proj`),
          scale: 1,
          reach: kinds[layer] === 'local' ? window - 1 : null
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

/**
 * `global` or `local` for each layer: two by two unless config.json lists them, or as older ones has them with how often they
 * are repeated.
 * @throws LamellaError naming the field where there are too few, or one of another kind
 */
function attentionKinds(config: ConfigReader, nLayers: number): string[] {
  const [field, kinds] = config.has('attention_layers')
    ? (['attention_layers', config.texts('attention_layers')] as const)
    : (['attention_types', config.repeatedTexts('attention_types')] as const)
  return forBlocks(nLayers, layer => {
    const kind = kinds === null ? (layer % 2 === 0 ? 'global' : 'local') : kinds[layer]
    if (kind === 'global' || kind === 'local') return kind
    throw config.invalid(
      field,
      `global or local for each block, and of block ${layer} it is ${kind ?? 'missing'}`
    )
  })
}
