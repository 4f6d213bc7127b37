import type { z } from 'zod'
import { LamellaError } from '#common/model/errors.ts'
import type {
  Activation,
  AttentionSpec,
  BlockDescription,
  EmbeddingSpec,
  NormSpec,
  UnembeddingSpec
} from '#common/model/spec.ts'
import { activationNames } from '../activations.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { forBlocks } from '../named-specs.ts'
import type { TensorTable } from '../tensor-table.ts'
import { lensTensors, type LensTensors } from './transformer-lens-tensors.ts'

type Norm = z.input<typeof NormSpec>
type Attention = z.input<typeof AttentionSpec>

/**
 * TransformerLens's HookedTransformer and HookedEncoder, and models with its names, by their tensors. What these do not tell is by
 * its config (`cfg.to_dict()`), where there is one, else by its defaults.
 * @source TransformerLens, `HookedTransformerConfig`, `components/transformer_block.py`, `components/abstract_attention.py`,
 *   `components/bert_block.py`; Nanda et al. 2023, “Progress measures for grokking via mechanistic interpretability”, whose
 *   matrices lie the other way round
 */
export const transformerLens: Family = {
  name: 'transformer_lens',
  modelTypes: ['transformer_lens'],
  assumes: lensAssumptions,

  describe(config, tensors) {
    const has = lensTensors(config, tensors)
    const { nHeads, nKeyValueHeads, dModel, dHead, dMlp, dVocab, nCtx, nLayers } = has
    if (config.number('num_experts', 0) > 1) throw refused('config.json: num_experts')
    const encoder = has.isEncoder
    const positions = positionsOf(config, has)
    const causal = isCausal(config, has)
    return {
      nHeads,
      nKeyValueHeads,
      dModel,
      dHead,
      dMlp,
      dVocab,
      nCtx,
      causal,
      padding: causal ? null : paddingOf(config),
      embedding: embeddingOf(config, has, positions),
      blocks: forBlocks(nLayers, layer => blockOf(config, has, layer, positions)),
      finalNorm: encoder
        ? null
        : normOf(config, has, 'ln_final', config.boolean('final_rms', false)),
      unembedding: headOf(config, has)
    }
  }
}

function isCausal(config: ConfigReader, { isEncoder }: LensTensors): boolean {
  return !isEncoder && config.choice('attention_dir', directions, 'causal')
}

/** What models that look both ways hide; those that look back alone have their padding at the end, where none sees it. */
function paddingOf(config: ConfigReader): number | null {
  return config.has('pad_token_id') ? config.index('pad_token_id', 0) : null
}

const directions = { causal: true, bidirectional: false } as const

/** The kinds of positions that are computed. */
const positionKinds = {
  standard: 'standard',
  rotary: 'rotary',
  shortformer: 'shortformer',
  alibi: 'alibi',
  none: 'none'
} as const

type Positions = (typeof positionKinds)[keyof typeof positionKinds]

function positionsOf(config: ConfigReader, { tensors, table }: LensTensors): Positions {
  const computed = tensors.has(rotaryTable) ? 'rotary' : 'none'
  const usual = table('pos_embed.W_pos') === null ? computed : 'standard'
  return config.choice('positional_embedding_type', positionKinds, usual)
}

/** Sines of the angles: [n_ctx, rotary_dim]. */
const rotaryTable = 'blocks.0.attn.rotary_sin'

function embeddingOf(
  config: ConfigReader,
  { tokens, table, isEncoder, norm }: LensTensors,
  positions: Positions
): z.input<typeof EmbeddingSpec> {
  const learned = table('pos_embed.W_pos')
  const types = table('token_type_embed.W_token_type')
  return {
    tokens: tokens.name,
    stored: tokens.stored,
    positions:
      learned === null || positions !== 'standard'
        ? null
        : { kind: 'learned', table: learned.name },
    tokenTypes: types && { table: types.name, count: types.shape[0] ?? 0 },
    norm: norm('embed.ln', epsilonOf(config, isEncoder))
  }
}

function blockOf(
  config: ConfigReader,
  has: LensTensors,
  layer: number,
  positions: Positions
): BlockDescription {
  const within = `blocks.${layer}`
  const norm = (name: string) => normOf(config, has, `${within}.${name}`)
  const mlp = mlpOf(config, has, `${within}.mlp`)
  const attention = attentionOf(config, has, layer, positions)
  if (has.isEncoder)
    return { norms: { afterAttention: norm('ln1'), afterMlp: norm('ln2') }, attention, mlp }
  const after = config.boolean('use_normalization_before_and_after', false)
  return {
    parallel: config.boolean('parallel_attn_mlp', false),
    norms: {
      attentionIn: norm('ln1'),
      attentionOut: after ? norm('ln1_post') : null,
      mlpIn: mlp && norm('ln2'),
      mlpOut: after ? norm('ln2_post') : null
    },
    attention,
    mlp
  }
}

function attentionOf(
  config: ConfigReader,
  has: LensTensors,
  layer: number,
  positions: Positions
): Attention {
  const { dHead, norm } = has
  const within = `blocks.${layer}.attn`
  const [queryNorm, keyNorm] = ['q_norm', 'k_norm'].map(name =>
    norm(`${within}.${name}`, epsilonOf(config, false), 'rms')
  )
  // A divisor; −1 stands for √d_head.
  const stated = config.number('attn_scale', -1)
  const root = stated === -1 ? Math.sqrt(dHead) : config.positive('attn_scale', 1)
  const divisor = config.boolean('use_attn_scale', true) ? root : 1
  const byLayer = config.boolean('scale_attn_by_inverse_layer_idx', false) ? layer + 1 : 1
  return {
    projections: {
      layout: 'separate',
      query: has.intoHeads(within, 'Q'),
      key: has.intoHeads(within, 'K'),
      value: has.intoHeads(within, 'V')
    },
    output: has.outOfHeads(within),
    queryKeyNorm: queryNorm && keyNorm ? { over: 'head', query: queryNorm, key: keyNorm } : null,
    positions: withinAttention(config, has, positions),
    scale: 1 / (divisor * byLayer),
    softCap: softCapOf(config, 'attn_scores_soft_cap'),
    reach: reachOf(config, layer)
  }
}

function withinAttention(
  config: ConfigReader,
  { dHead, tensors, table }: LensTensors,
  positions: Positions
): Attention['positions'] {
  switch (positions) {
    case 'rotary':
      return {
        kind: 'rotary',
        dims: config.width('rotary_dim', tensors.get(rotaryTable)?.shape[1] ?? dHead),
        pairs: config.boolean('rotary_adjacent_pairs', false) ? 'adjacent' : 'halves',
        base: config.positive('rotary_base', 10000),
        scaling: config.boolean('use_NTK_by_parts_rope', false)
          ? {
              type: 'llama3',
              factor: config.positive('NTK_by_parts_factor', 8),
              trained: config.width('NTK_original_ctx_len', 8192),
              lowFrequency: config.positive('NTK_by_parts_low_freq_factor', 1),
              highFrequency: config.positive('NTK_by_parts_high_freq_factor', 4)
            }
          : { type: 'none' }
      }
    case 'alibi':
      return { kind: 'alibi' }
    case 'shortformer':
      return { kind: 'shortformer', table: table('pos_embed.W_pos')?.name ?? 'pos_embed.W_pos' }
    default:
      return null
  }
}

/** A window's width counts the query's own token. */
function reachOf(config: ConfigReader, layer: number): number | null {
  if (!config.boolean('use_local_attn', false)) return null
  return config.texts('attn_types')?.[layer] === 'local' ? config.width('window_size') - 1 : null
}

function mlpOf(config: ConfigReader, has: LensTensors, within: string): BlockDescription['mlp'] {
  const [gate, input] = ['gate', 'in'].map(name => has.linear(within, name, has.dModel))
  const output = has.linear(within, 'out', has.dMlp)
  if (!input || !output) return null
  const activation = activationOf(config, has)
  if (!gate) return { kind: 'plain', input, output, activation, norm: midNorm(config, has, within) }
  if (isNormed(config, has)) throw refused('config.json: act_fn with a norm after it and a gate')
  // The bias of a gated one is added to the product in some versions, so it is none of its input's.
  return { kind: 'gated', gate, input: { ...input, bias: null }, output, activation }
}

/** The norm of what the activation gives, which leaves no tensor where its weights are folded into W_out; null for none. */
function midNorm(config: ConfigReader, has: LensTensors, within: string): Norm | null {
  if (!isNormed(config, has)) return null
  const epsilon = epsilonOf(config, has.isEncoder)
  return has.norm(`${within}.ln`, epsilon, 'layer') ?? { kind: 'layer', epsilon }
}

/** Whether the activation is one such as solu_ln. */
function isNormed(config: ConfigReader, { tensors }: LensTensors): boolean {
  return tensors.has('blocks.0.mlp.ln.w') || (statedActivation(config)?.endsWith(normed) ?? false)
}

const normed = '_ln'

/** What is the activation where nothing says: it leaves no trace in tensors. */
function usualActivation({
  tensors,
  isEncoder,
  isGated,
  dVocab
}: LensTensors): keyof typeof lensActivations {
  if (tensors.has('blocks.0.mlp.ln.w')) return 'solu'
  if (isEncoder) return 'gelu'
  if (isGated) return 'silu'
  return dVocab < smallVocabulary ? 'relu' : 'gelu_new'
}

/** Models that are trained on tasks have fewer tokens than those of language. */
const smallVocabulary = 1000

function activationOf(config: ConfigReader, has: LensTensors): Activation {
  const stated = statedActivation(config)?.replace(new RegExp(`${normed}$`), '')
  if (stated !== undefined && Object.hasOwn(lensActivations, stated))
    return lensActivations[stated]!
  return config.choice(activationField(config), lensActivations, usualActivation(has))
}

function statedActivation(config: ConfigReader): string | undefined {
  return config.text(activationField(config))?.toLowerCase()
}

function activationField(config: ConfigReader): string {
  return ['act_fn', 'act_type'].find(name => config.has(name)) ?? 'act_fn'
}

const lensActivations: Readonly<Record<string, Activation>> = { ...activationNames, solu: 'solu' }

function epsilonOf(config: ConfigReader, isEncoder: boolean): number {
  return config.notNegative('eps', isEncoder ? 1e-12 : 1e-5)
}

/** @param isRms whether it is one of the root mean square, whatever the others are */
function normOf(config: ConfigReader, has: LensTensors, name: string, isRms = false): Norm | null {
  const epsilon = epsilonOf(config, has.isEncoder)
  const kind = normKind(config, has)
  const stored = has.norm(name, epsilon, isRms || kind === 'rms' ? 'rms' : null)
  if (stored !== null || kind === null) return stored
  return { kind: isRms ? 'rms' : kind, epsilon }
}

/** The kind of the norms, of which those without weights leave no tensor; null for none. */
function normKind(config: ConfigReader, has: LensTensors): Norm['kind'] | null {
  if (config.has('use_ln')) return config.boolean('use_ln', true) ? 'layer' : null
  const usual = has.hasNorms ? 'LN' : saysWidths(config) || has.turns ? 'None' : 'LNPre'
  return config.choice('normalization_type', normKinds, usual)
}

const normKinds = { LN: 'layer', LNPre: 'layer', RMS: 'rms', RMSPre: 'rms', None: null } as const

/** Whether a config is there: one that names no norm means none, for JSON's null is Python's None. */
function saysWidths(config: ConfigReader): boolean {
  return config.has('d_model')
}

function headOf(
  config: ConfigReader,
  { tensors, tokens, unembedding, dVocab, isEncoder, norm }: LensTensors
): z.input<typeof UnembeddingSpec> | null {
  if (unembedding === null) return null
  const { linear, width } = unembedding
  const isOther = width !== dVocab
  const transform =
    isEncoder && tensors.has('mlm_head.W')
      ? {
          linear: { weight: 'mlm_head.W', bias: 'mlm_head.b' },
          activation: 'gelu' as const,
          norm: norm('mlm_head.ln', epsilonOf(config, true))
        }
      : null
  return {
    output: linear,
    transform,
    alias: linear.weight === tokens.name ? 'unembed.W_U' : null,
    softCap: softCapOf(config, 'output_logits_soft_cap'),
    // What an algorithmic task asks for is no token of the text.
    labels: isOther ? Array.from({ length: width }, (_, i) => String(i)) : null
  }
}

/** A cap of 0 or less stands for none. */
function softCapOf(config: ConfigReader, name: string): number | null {
  const cap = config.number(name, -1)
  return cap > 0 ? cap : null
}

function refused(what: string): LamellaError {
  return new LamellaError(
    'unsupported',
    `${what} cannot be computed`,
    'Its weights can be looked at.'
  )
}

/** What is taken for granted, in sentences. */
function lensAssumptions(config: ConfigReader, tensors: TensorTable): string[] {
  const has = lensTensors(config, tensors)
  return [...paddingAssumption(config, has), ...withoutConfig(config, has)]
}

/** The code that trains a model which looks both ways hides its padding, of which the model itself keeps nothing. */
function paddingAssumption(config: ConfigReader, has: LensTensors): string[] {
  if (isCausal(config, has)) return []
  const padding = paddingOf(config)
  return [
    padding === null
      ? 'Tokens look both ways, and nothing says which token is padding: all are seen. pad_token_id in config.json names one that no query is to see.'
      : `No query sees token ${padding}, which config.json names as padding (pad_token_id).`
  ]
}

function withoutConfig(config: ConfigReader, has: LensTensors): string[] {
  if (config.has('act_fn') || config.has('act_type') || saysWidths(config)) return []
  const norm = isNormed(config, has) ? ' and a norm after it' : ''
  const activation = has.dMlp > 0 ? [`activation ${usualActivation(has)}${norm}`] : []
  const folded = 'norms whose weights are folded into the matrices after them'
  const norms = has.hasNorms ? [] : [has.turns ? 'no norms' : folded]
  const causal = has.isEncoder ? [] : ['each token sees those before it']
  const rotary = positionsOf(config, has) === 'rotary' ? ['rotary base 10,000'] : []
  const taken = [
    ...activation,
    ...rotary,
    ...norms,
    ...causal,
    `epsilon ${epsilonOf(config, has.isEncoder)}`
  ]
  return [
    `No config says what leaves no trace in TransformerLens’s tensors. Taken for granted: ${taken.join('; ')}. A config.json with its cfg says otherwise, or a description.`
  ]
}
