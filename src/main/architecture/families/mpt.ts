import { readConfig, type ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'

/** MPT: linear biases of the scores, and as a rule nothing that shifts: neither layers nor norms have biases. */
export const mpt: Family = {
  name: 'mpt',
  modelTypes: ['mpt'],
  aliases: {
    d_model: 'hidden_size',
    n_heads: 'num_attention_heads',
    n_layers: 'num_hidden_layers'
  },

  describe(config, tensors) {
    const attention = attentionConfig(config)
    refuseOtherKinds(config, attention)
    const dModel = config.width('d_model', 2048)
    const nHeads = config.width('n_heads', 16)
    const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)

    const prefix = prefixOf(tensors, 'blocks.0.', ['transformer.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = { embedding: tensor('wte.weight'), unembedding: 'lm_head.weight', tied: true }
    const biased =
      !config.boolean('no_bias', true) && tensors.has(tensor('blocks.0.attn.Wqkv.bias'))
    // transformers makes it four times as wide whatever config.json says; the file tells which it is.
    const widened = config.positive('expansion_ratio', 4) * dModel
    const wide = tensors.get(tensor('blocks.0.ffn.up_proj.weight'))?.shape[0]
    const clip = attention.notNegative('clip_qkv', 0)

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: wide === widened ? widened : 4 * dModel,
      dVocab: config.width('vocab_size', 50368),
      nCtx: config.width('max_seq_len', 2048),
      causal: true,
      embedding: { tokens: embeddingTensor(config, tensors, names) },
      blocks: forBlocks(config.blocks('n_layers', 24), layer => ({
        norms: {
          attentionIn: layerNorm(`blocks.${layer}.norm_1`, epsilon, biased),
          mlpIn: layerNorm(`blocks.${layer}.norm_2`, epsilon, biased)
        },
        attention: {
          projections: {
            layout: 'concatenated',
            linear: linear(`blocks.${layer}.attn.Wqkv`, biased)
          },
          clip: clip === 0 ? null : clip,
          output: linear(`blocks.${layer}.attn.out_proj`, biased),
          scale: attention.has('softmax_scale') ? attention.number('softmax_scale', NaN) : null,
          positions: { kind: 'alibi' }
        },
        mlp: {
          kind: 'plain',
          input: linear(`blocks.${layer}.ffn.up_proj`, biased),
          output: linear(`blocks.${layer}.ffn.down_proj`, biased),
          activation: 'gelu'
        }
      })),
      finalNorm: layerNorm('norm_f', epsilon, biased),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}

function attentionConfig(config: ConfigReader): ConfigReader {
  return config.section('attn_config') ?? readConfig({})
}

/**
 * What the code that MPT was trained with knows, and transformers passes over.
 * @throws LamellaError naming the field
 */
function refuseOtherKinds(config: ConfigReader, attention: ConfigReader): void {
  if (!attention.boolean('alibi', true)) throw attention.unsupported('alibi')
  if (attention.number('alibi_bias_max', 8) !== 8) throw attention.unsupported('alibi_bias_max')
  for (const name of ['prefix_lm', 'qk_ln', 'qk_gn'])
    if (attention.boolean(name, false)) throw attention.unsupported(name)
  const kind = attention.text('attn_type')
  if (kind !== null && kind !== 'multihead_attention') throw attention.unsupported('attn_type')
  const norm = config.text('norm_type')
  if (norm !== null && !/^(low_precision_)?layernorm$/.test(norm))
    throw config.unsupported('norm_type')
  if (config.has('logit_scale')) throw config.unsupported('logit_scale')
  const mlp = config.section('ffn_config')?.text('ffn_type') ?? 'mptmlp'
  if (mlp !== 'mptmlp') throw config.unsupported('ffn_config')
}
