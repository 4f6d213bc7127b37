import type { BlockDescription, TransformerDescription } from '#common/model/spec.ts'
import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf, type NamedSpecs } from '../named-specs.ts'
import type { TensorTable } from '../tensor-table.ts'

/**
 * What GPT-J and CodeGen have in common: attention and MLP in parallel after one norm; neighbouring dimensions turn together.
 * @param projections how queries, keys and values lie in the module of a block's attention
 */
export function gptjLike(
  config: ConfigReader,
  tensors: TensorTable,
  projections: (
    parts: NamedSpecs,
    attention: string,
    nHeads: number
  ) => BlockDescription['attention']['projections']
): TransformerDescription {
  const dModel = config.width('n_embd', 4096)
  const nHeads = config.width('n_head', 16)
  const dHead = dModel / nHeads
  const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)
  const activation = config.choice('activation_function', activationNames, 'gelu_new')
  const dims = config.width('rotary_dim', 64, 2 * Math.floor(dHead / 2))

  const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
  const parts = namedSpecs(tensors, prefix)
  const { tensor, linear, layerNorm } = parts
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
          projections: projections(parts, `h.${layer}.attn`, nHeads),
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
