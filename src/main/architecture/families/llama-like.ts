import type { z } from 'zod'
import type {
  BlockDescription,
  RotarySpec,
  TransformerDescription,
  UnembeddingSpec
} from '#common/model/spec.ts'
import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf, type NamedSpecs } from '../named-specs.ts'
import { rotaryOf } from '../rotary-config.ts'
import type { TensorTable } from '../tensor-table.ts'

/** Where a family departs from Llama. */
export interface LlamaVariations {
  /** Biases of queries, keys and values; of the attention's output; of the MLP. */
  readonly biases?: { readonly qkv: boolean; readonly output: boolean; readonly mlp: boolean }
  readonly dHead?: number
  /** Widths that config.json may leave out, by its names for them. */
  readonly defaults?: Readonly<Record<string, number>>
  /** The field that names the activation, and the one that it has by default. */
  readonly activation?: readonly [field: string, fallback: string]
  readonly tied?: boolean
  /** What else there is to the head of a language model. */
  readonly head?: Partial<z.input<typeof UnembeddingSpec>>
  /** A norm by the name of its module; Llama's root-mean-square norm where it is not said. */
  readonly norm?: (
    parts: NamedSpecs,
    module: string
  ) => NonNullable<TransformerDescription['finalNorm']>
  readonly rotary?: (layer: number, dHead: number) => z.input<typeof RotarySpec> | null
  /** Changes to a block. */
  readonly block?: (
    block: LlamaBlock,
    layer: number,
    within: { readonly parts: NamedSpecs; readonly norm: NormOf; readonly dHead: number }
  ) => BlockDescription
}

/** A block as Llama has it. */
export type LlamaBlock = BlockDescription & {
  readonly mlp: Extract<BlockDescription['mlp'], { kind: 'gated' }>
}

export type NormOf = (module: string) => NonNullable<TransformerDescription['finalNorm']>

/**
 * What Llama and its many relatives have in common: root-mean-square norms before attention and before a
 * gated MLP, rotary positions, queries in groups, and its names of tensors.
 */
export function llamaLike(
  config: ConfigReader,
  tensors: TensorTable,
  variations: LlamaVariations = {}
): TransformerDescription {
  const { defaults = {} } = variations
  const width = (field: string) => config.width(field, defaults[field])
  const dModel = width('hidden_size')
  const nHeads = width('num_attention_heads')
  const dHead = variations.dHead ?? headWidth(config, dModel, nHeads)
  const { qkv, output, mlp } = variations.biases ?? { qkv: false, output: false, mlp: false }
  const activation = config.choice(
    variations.activation?.[0] ?? 'hidden_act',
    activationNames,
    variations.activation?.[1] ?? 'silu'
  )
  const epsilon = config.notNegative('rms_norm_eps', 1e-6)
  const parts = namedSpecs(tensors, prefixOf(tensors, 'layers.0.', decoderPrefixes))
  const { tensor, linear } = parts
  const norm = (module: string) =>
    variations.norm?.(parts, module) ?? parts.rmsNorm(module, epsilon)
  const positions = rotaryOf(config, dHead)
  const names = {
    embedding: tensor('embed_tokens.weight'),
    unembedding: 'lm_head.weight',
    tied: variations.tied ?? false
  }

  return {
    nHeads,
    nKeyValueHeads: config.width('num_key_value_heads', defaults.num_key_value_heads ?? nHeads),
    dModel,
    dHead,
    dMlp: width('intermediate_size'),
    dVocab: width('vocab_size'),
    nCtx: longestText(config, positions, defaults),
    causal: true,
    embedding: { tokens: embeddingTensor(config, tensors, names) },
    blocks: forBlocks(config.blocks('num_hidden_layers', defaults.num_hidden_layers), layer => {
      const module = (name: string) => `layers.${layer}.${name}`
      const block: LlamaBlock = {
        norms: {
          attentionIn: norm(module('input_layernorm')),
          mlpIn: norm(module('post_attention_layernorm'))
        },
        attention: {
          projections: {
            layout: 'separate',
            query: linear(module('self_attn.q_proj'), qkv),
            key: linear(module('self_attn.k_proj'), qkv),
            value: linear(module('self_attn.v_proj'), qkv)
          },
          output: linear(module('self_attn.o_proj'), output),
          positions: variations.rotary ? variations.rotary(layer, dHead) : positions
        },
        mlp: {
          kind: 'gated',
          gate: linear(module('mlp.gate_proj'), mlp),
          input: linear(module('mlp.up_proj'), mlp),
          output: linear(module('mlp.down_proj'), mlp),
          activation
        }
      }
      const within = { parts, dHead, norm: (name: string) => norm(module(name)) }
      return variations.block?.(block, layer, within) ?? block
    }),
    finalNorm: norm('norm'),
    unembedding: decoderHead(config, tensors, names, variations.head)
  }
}

/** Where the blocks of a decoder stand: with its head, without, and inside a model that also sees images. */
const decoderPrefixes = ['model.', '', 'language_model.model.', 'model.language_model.'] as const

/** `head_dim`, or an equal part of the model's width. */
function headWidth(config: ConfigReader, dModel: number, nHeads: number): number {
  return config.has('head_dim') ? config.width('head_dim') : dModel / nHeads
}

/** A dynamic scaling of rotary positions is for texts longer than the field says. */
function longestText(
  config: ConfigReader,
  { scaling }: z.input<typeof RotarySpec>,
  { max_position_embeddings: usual = 2048 }: Readonly<Record<string, number>>
): number {
  const longest = config.width('max_position_embeddings', usual)
  return scaling?.type === 'dynamic' ? Math.floor(longest * scaling.factor) : longest
}

/** Changes to a block's attention. */
export function withAttention<B extends BlockDescription>(
  block: B,
  attention: Partial<BlockDescription['attention']>
): B {
  return { ...block, attention: { ...block.attention, ...attention } }
}

/** What a layer's queries see: every key before them, or those in a window. */
type LayerType = 'full_attention' | 'sliding_attention'

/**
 * The kind of each layer: `layer_types`, or what the family says.
 * @throws LamellaError naming the field where there are too few, or one of another kind
 */
export function layerTypes(
  config: ConfigReader,
  fallback: (layer: number) => LayerType
): (layer: number) => LayerType {
  const types = config.texts('layer_types')
  return layer => {
    const type = types === null ? fallback(layer) : types[layer]
    if (type === 'full_attention' || type === 'sliding_attention') return type
    throw config.invalid(
      'layer_types',
      `full_attention or sliding_attention for each block, and of block ${layer} it is ${type ?? 'missing'}`
    )
  }
}

/** The largest distance that a causal window of so many tokens, the query among them, allows. */
export function reachOf(config: ConfigReader, field: string, fallback?: number): number | null {
  if (!config.has(field) && fallback === undefined) return null
  return config.width(field, fallback) - 1
}
