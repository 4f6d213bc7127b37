import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'

/** The epsilon of torch.nn.LayerNorm, which OPT does not change. */
const epsilon = 1e-5

/** The first rows of the table of positions are of no position. */
const offset = 2

/** OPT: norms before each half, or after it in the 350M model, whose embedding is also narrower. */
export const opt: Family = {
  name: 'opt',
  modelTypes: ['opt'],

  describe(config, tensors) {
    const dModel = config.width('hidden_size', 768)
    const nHeads = config.width('num_attention_heads', 12)
    const narrow = config.width('word_embed_proj_dim', dModel)
    const activation = config.choice('activation_function', activationNames, 'relu')
    const before = config.boolean('do_layer_norm_before', true)
    const bias = config.boolean('enable_bias', true)
    const affine = config.boolean('layer_norm_elementwise_affine', true)

    const prefix = prefixOf(tensors, 'layers.0.', ['model.decoder.', 'decoder.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const norm = (module: string) =>
      affine ? layerNorm(module, epsilon) : { kind: 'layer' as const, epsilon }
    const names = {
      embedding: tensor('embed_tokens.weight'),
      unembedding: 'lm_head.weight',
      tied: true
    }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: config.width('ffn_dim', 3072),
      dVocab: config.width('vocab_size', 50272),
      nCtx: config.width('max_position_embeddings', 2048),
      causal: true,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        width: narrow,
        positions: { kind: 'learned', table: tensor('embed_positions.weight'), offset },
        projection: narrow === dModel ? null : { ...linear('project_in', false), of: 'tokens' }
      },
      blocks: forBlocks(config.blocks('num_hidden_layers', 12), layer => {
        const first = norm(`layers.${layer}.self_attn_layer_norm`)
        const second = norm(`layers.${layer}.final_layer_norm`)
        return {
          norms: before
            ? { attentionIn: first, mlpIn: second }
            : { afterAttention: first, afterMlp: second },
          attention: {
            projections: {
              layout: 'separate',
              query: linear(`layers.${layer}.self_attn.q_proj`, bias),
              key: linear(`layers.${layer}.self_attn.k_proj`, bias),
              value: linear(`layers.${layer}.self_attn.v_proj`, bias)
            },
            output: linear(`layers.${layer}.self_attn.out_proj`, bias)
          },
          mlp: {
            kind: 'plain',
            input: linear(`layers.${layer}.fc1`, bias),
            output: linear(`layers.${layer}.fc2`, bias),
            activation
          }
        }
      }),
      finalNorm:
        before && !config.boolean('_remove_final_layer_norm', false)
          ? norm('final_layer_norm')
          : null,
      unembedding: decoderHead(config, tensors, names, {
        transform:
          narrow === dModel ? null : { linear: linear('project_out', false), width: narrow }
      })
    }
  }
}
