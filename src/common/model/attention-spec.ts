import { z } from 'zod'
import { LinearSpec, NormSpec, TensorName, Width } from './part-specs.ts'

const Factor = z.number().positive()

/**
 * How the angles of rotary positions are stretched to longer texts than the model was first trained on
 * (`trained`, in tokens).
 * @source transformers, `modeling_rope_utils.py`
 */
export const RotaryScaling = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('linear'), factor: Factor }),
  z.strictObject({ type: z.literal('dynamic'), factor: Factor, trained: Width }),
  z.strictObject({
    type: z.literal('yarn'),
    factor: Factor,
    trained: Width,
    betaFast: Factor.default(32),
    betaSlow: Factor.default(1),
    /** Whether the ramp between the two betas starts and ends at whole dimensions. */
    truncate: z.boolean().default(true),
    /** Factor of every sine and cosine. */
    amplitude: Factor
  }),
  z.strictObject({
    type: z.literal('llama3'),
    factor: Factor,
    trained: Width,
    lowFrequency: Factor,
    highFrequency: Factor
  }),
  z.strictObject({
    type: z.literal('longrope'),
    trained: Width,
    /** Divisor of each pair's frequency, in texts up to `trained` tokens. */
    short: z.array(Factor),
    /** The same in longer ones. */
    long: z.array(Factor),
    amplitude: Factor
  })
])
export type RotaryScaling = z.infer<typeof RotaryScaling>

/**
 * Rotary positions: pairs of a query's and a key's dimensions turn by position · base^(−2i / dims).
 * @source Su et al. 2021, section 3.2.2
 */
export const RotarySpec = z
  .strictObject({
    kind: z.literal('rotary'),
    /** How many dimensions of each head turn: its first ones; of an odd number one more. */
    dims: Width,
    /** Dimension i turns with i + dims/2 (`halves`), or with its neighbour (`adjacent`). */
    pairs: z.enum(['halves', 'adjacent']).default('halves'),
    base: z.number().positive(),
    scaling: RotaryScaling.prefault({ type: 'none' })
  })
  .refine(
    ({ dims, scaling }) =>
      scaling.type !== 'longrope' ||
      [scaling.short, scaling.long].every(({ length }) => length === Math.ceil(dims / 2)),
    'longrope: expected a factor for each pair of dimensions'
  )
export type RotarySpec = z.infer<typeof RotarySpec>

/**
 * Attention with linear biases: slope of the head · key position · scale is added to the scores.
 * @source Press et al. 2022, section 3
 */
export const AlibiSpec = z.strictObject({
  kind: z.literal('alibi'),
  scale: z.number().default(1),
  /** The type the product of slope and position is rounded to. */
  rounding: z.enum(['float32', 'bfloat16']).default('float32')
})
export type AlibiSpec = z.infer<typeof AlibiSpec>

/**
 * Learned positions that are added to what queries and keys are made of, and to nothing else: the residual stream, and
 * with it values, has none.
 * @source Press et al. 2021, “Shortformer”, section 5
 */
export const ShortformerSpec = z.strictObject({
  kind: z.literal('shortformer'),
  /** W_pos [n_ctx, d_model]. */
  table: TensorName
})
export type ShortformerSpec = z.infer<typeof ShortformerSpec>

/**
 * Relative positions: a number for each head and each bucket of distances is added to the scores. Half of the buckets are
 * for keys before the query, half for those after it; in each half the first half is a distance each, the rest grow with
 * its logarithm up to `furthest`, and what is further shares the last.
 * @source Raffel et al. 2020, section 2.1
 */
export const RelativeSpec = z.strictObject({
  kind: z.literal('relative'),
  /** Tensor [bucket, head], which layers may share. */
  table: TensorName,
  buckets: Width.multipleOf(4),
  furthest: Width.default(128)
})
export type RelativeSpec = z.infer<typeof RelativeSpec>

/** Where queries, keys and values come from. */
const Projections = z.discriminatedUnion('layout', [
  z.strictObject({
    layout: z.literal('separate'),
    query: LinearSpec,
    key: LinearSpec,
    value: LinearSpec,
    /** The biases of queries, keys and values end to end, where one tensor holds them all. */
    bias: TensorName.nullable().default(null)
  }),
  /** A matrix for each head; keys and values of the key/value heads. */
  z.strictObject({
    layout: z.literal('by-head'),
    query: z.array(LinearSpec).min(1),
    key: z.array(LinearSpec).min(1),
    value: z.array(LinearSpec).min(1)
  }),
  /** One matrix: all queries, then all keys, then all values on the output axis. */
  z.strictObject({ layout: z.literal('concatenated'), linear: LinearSpec }),
  /** One matrix: for each key/value head its queries, its key and its value on the output axis. */
  z.strictObject({ layout: z.literal('interleaved'), linear: LinearSpec }),
  /**
   * One matrix, in as many parts as devices once held it: on each the queries, then the values, then the keys of
   * its share of the heads.
   */
  z.strictObject({ layout: z.literal('partitioned'), linear: LinearSpec, partitions: Width })
])

/** Multi-head self-attention. */
export const AttentionSpec = z.strictObject({
  projections: Projections,
  /** No entry of queries, keys and values is kept beyond ±clip. */
  clip: Factor.nullable().default(null),
  /** Null where what the heads give, end to end, is added as it is. */
  output: LinearSpec.nullable(),
  /** Norms of queries and keys before they turn: of each head, or of all heads as one vector. */
  queryKeyNorm: z
    .strictObject({ over: z.enum(['head', 'heads']), query: NormSpec, key: NormSpec })
    .nullable()
    .default(null),
  positions: z
    .discriminatedUnion('kind', [RotarySpec, AlibiSpec, ShortformerSpec, RelativeSpec])
    .nullable()
    .default(null),
  /** Factor of query · key; null for 1/√d_head. */
  scale: z.number().nullable().default(null),
  /** softCap · tanh(scores / softCap) */
  softCap: Factor.nullable().default(null),
  /**
   * Tensor [head]: a score that every query has beside those of keys. What the softmax gives to it goes to no key, so that
   * the rows of a pattern sum to less than 1.
   */
  sinks: TensorName.nullable().default(null),
  /** The largest distance from a query to a key that it sees; null without a limit. */
  reach: z.int().min(0).nullable().default(null)
})
export type AttentionSpec = z.infer<typeof AttentionSpec>
