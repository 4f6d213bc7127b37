import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'
import { rotaryOf } from '../rotary-config.ts'

/** GPT-NeoX and Pythia: attention and MLP in parallel, a quarter of each head turned by its position. */
export const gptNeox: Family = {
  name: 'gpt_neox',
  modelTypes: ['gpt_neox'],

  describe(config, tensors) {
    const dModel = config.width('hidden_size', 6144)
    const nHeads = config.width('num_attention_heads', 64)
    const dHead = dModel / nHeads
    const epsilon = config.notNegative('layer_norm_eps', 1e-5)
    const activation = config.choice('hidden_act', activationNames, 'gelu')
    const parallel = config.boolean('use_parallel_residual', true)
    const bias = config.boolean('attention_bias', true)

    const prefix = prefixOf(tensors, 'layers.0.', ['gpt_neox.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = {
      embedding: tensor('embed_in.weight'),
      unembedding: 'embed_out.weight',
      tied: false
    }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead,
      dMlp: config.width('intermediate_size', 24576),
      dVocab: config.width('vocab_size', 50432),
      nCtx: config.width('max_position_embeddings', 2048),
      causal: true,
      embedding: { tokens: embeddingTensor(config, tensors, names) },
      blocks: forBlocks(config.blocks('num_hidden_layers', 44), layer => ({
        parallel,
        norms: {
          attentionIn: layerNorm(`layers.${layer}.input_layernorm`, epsilon),
          mlpIn: layerNorm(`layers.${layer}.post_attention_layernorm`, epsilon)
        },
        attention: {
          projections: {
            layout: 'interleaved',
            linear: linear(`layers.${layer}.attention.query_key_value`, bias)
          },
          output: linear(`layers.${layer}.attention.dense`, bias),
          positions: rotaryOf(config, dHead, { partial: 0.25 })
        },
        mlp: {
          kind: 'plain',
          input: linear(`layers.${layer}.mlp.dense_h_to_4h`),
          output: linear(`layers.${layer}.mlp.dense_4h_to_h`),
          activation
        }
      })),
      finalNorm: layerNorm('final_layer_norm', epsilon),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}
