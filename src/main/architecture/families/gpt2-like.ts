import type { TransformerDescription } from '#common/model/spec.ts'
import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf, type Linear } from '../named-specs.ts'
import type { TensorTable } from '../tensor-table.ts'

/** The names by which transformers takes widths of GPT-2 and its like, too. */
export const gpt2Aliases = {
  n_embd: 'hidden_size',
  n_head: 'num_attention_heads',
  n_layer: 'num_hidden_layers',
  n_positions: 'max_position_embeddings'
}

/** What tells GPT-2 and GPT-BigCode apart. */
export interface Gpt2Variations {
  /** The activation where config.json names none. */
  readonly activation: keyof typeof activationNames
  /** How a matrix lies that torch.nn.Linear would hold. */
  readonly stored: (linear: Linear) => Linear
  readonly layout: 'concatenated' | 'interleaved'
  readonly keyValueHeads: (nHeads: number) => number
  readonly scale: (layer: number, dHead: number) => number | null
}

/** What GPT-2 and GPT-BigCode have in common: norms before attention and MLP, learned positions, and names. */
export function gpt2Like(
  config: ConfigReader,
  tensors: TensorTable,
  { activation: fallback, stored, layout, keyValueHeads, scale }: Gpt2Variations
): TransformerDescription {
  const dModel = config.width('n_embd', 768)
  const nHeads = config.width('n_head', 12)
  const dHead = dModel / nHeads
  const epsilon = config.notNegative('layer_norm_epsilon', 1e-5)
  const activation = config.choice('activation_function', activationNames, fallback)
  const nKeyValueHeads = keyValueHeads(nHeads)

  const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
  const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
  const matrix = (module: string) => stored(linear(module))
  const names = { embedding: tensor('wte.weight'), unembedding: 'lm_head.weight', tied: true }

  return {
    nHeads,
    nKeyValueHeads,
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
        projections: { layout, linear: matrix(`h.${layer}.attn.c_attn`) },
        output: matrix(`h.${layer}.attn.c_proj`),
        scale: scale(layer, dHead)
      },
      mlp: {
        kind: 'plain',
        input: matrix(`h.${layer}.mlp.c_fc`),
        output: matrix(`h.${layer}.mlp.c_proj`),
        activation
      }
    })),
    finalNorm: layerNorm('ln_f', epsilon),
    unembedding: decoderHead(config, tensors, names)
  }
}
