import { z } from 'zod'
import { AttentionSpec } from './attention-spec.ts'
import { MlpSpec } from './mlp-spec.ts'
import { Activation, LinearSpec, NormSpec, TensorName, Width } from './part-specs.ts'

export {
  AlibiSpec,
  AttentionSpec,
  RelativeSpec,
  RotarySpec,
  ShortformerSpec
} from './attention-spec.ts'
export { DenseMlpSpec, ExpertsSpec, MlpSpec } from './mlp-spec.ts'
export { Activation, LinearSpec, NormSpec } from './part-specs.ts'

/**
 * Sines and cosines of (offset + position) · base^(−i / pairs), a pair of them for each i.
 * @source Vaswani et al. 2017, section 3.5
 */
export const SinusoidalSpec = z.strictObject({
  kind: z.literal('sinusoidal'),
  base: z.number().positive().default(10000),
  /** Whether sines and cosines take turns, or all sines come first. */
  order: z.enum(['alternating', 'sines-first']).default('alternating'),
  /** The place of the first position. */
  offset: z.int().min(0).default(0),
  /** Whether the slowest pair turns by 1 / base, as tensor2tensor has it: base^(−i / (pairs − 1)). */
  reachesBase: z.boolean().default(false)
})
export type SinusoidalSpec = z.infer<typeof SinusoidalSpec>

/**
 * How tokens become the first residual: rows of W_E, times `scale`, are projected where `projection.of` is
 * `tokens`; positions and the first token type are added; the norm; the projection where it is of the `sum`.
 */
export const EmbeddingSpec = z.strictObject({
  /** W_E [d_vocab, width], or [width, d_vocab]. */
  tokens: TensorName,
  stored: z.enum(['token,width', 'width,token']).default('token,width'),
  /** Where it is not d_model. */
  width: Width.nullable().default(null),
  scale: z.number().default(1),
  /** Whether what transformers takes as `inputs_embeds` is scaled then, not as it is looked up. */
  scalesInputs: z.literal(true).optional(),
  positions: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('learned'),
        /** W_pos [offset + n_ctx, d_model, or width where the sum is projected]. */
        table: TensorName,
        /** Rows before that of the first position. */
        offset: z.int().min(0).default(0),
        /** A token that takes no position: it gets the row before the first one's. */
        padding: z.int().min(0).nullable().default(null)
      }),
      SinusoidalSpec
    ])
    .nullable()
    .default(null),
  /** A table of `count` rows whose first is added to every token. */
  tokenTypes: z.strictObject({ table: TensorName, count: Width }).nullable().default(null),
  norm: NormSpec.nullable().default(null),
  projection: LinearSpec.extend({ of: z.enum(['tokens', 'sum']) })
    .nullable()
    .default(null)
})
export type EmbeddingSpec = z.infer<typeof EmbeddingSpec>

/** What `inputs_embeds`, as transformers takes them, are multiplied with to be `hook_embed`. */
export function inputsScale({ scale, scalesInputs }: EmbeddingSpec): number {
  return scalesInputs ? scale : 1
}

const OptionalNorm = NormSpec.nullable().default(null)

/** Where a block normalises. */
export const BlockNorms = z.strictObject({
  /** What attention reads; pre-norm. */
  attentionIn: OptionalNorm,
  /** What attention gives, before it is added to the residual. */
  attentionOut: OptionalNorm,
  /** The residual once attention is added; post-norm. */
  afterAttention: OptionalNorm,
  mlpIn: OptionalNorm,
  mlpOut: OptionalNorm,
  afterMlp: OptionalNorm
})
export type BlockNorms = z.infer<typeof BlockNorms>

export const BlockSpec = z
  .strictObject({
    /** The MLP reads the block's input, as attention does, and both are added to it. */
    parallel: z.boolean().default(false),
    norms: BlockNorms.prefault({}),
    /** Factor of what attention and MLP give, norms included, as it is added to the residual. */
    residualScale: z.number().default(1),
    attention: AttentionSpec,
    /** Null where attention is all that there is: nothing is added then. */
    mlp: MlpSpec.nullable()
  })
  .refine(
    ({ parallel, norms }) => !parallel || (!norms.afterAttention && !norms.afterMlp),
    'a parallel block cannot normalise the residual'
  )
export type BlockSpec = z.infer<typeof BlockSpec>

/** How the last residual, normalised, becomes logits: of the vocabulary, or of labels. */
export const UnembeddingSpec = z.strictObject({
  /** Which positions give logits: every one, or the text as a whole through its first, last or mean. */
  from: z.enum(['every', 'first', 'last', 'mean']).default('every'),
  /** norm(activation(x · linear)), before the output. */
  transform: z
    .strictObject({
      linear: LinearSpec,
      /** Where it is not d_model. */
      width: Width.nullable().default(null),
      activation: Activation.default('linear'),
      norm: OptionalNorm
    })
    .nullable()
    .default(null),
  /** W_U [d_model or the transform's width, d_vocab or the number of labels]. */
  output: LinearSpec,
  /** The name the matrix also goes by where it is the embedding's. */
  alias: TensorName.nullable().default(null),
  scale: z.number().default(1),
  /** softCap · tanh(logits / softCap) */
  softCap: z.number().positive().nullable().default(null),
  labels: z.array(z.string()).min(1).nullable().default(null)
})
export type UnembeddingSpec = z.infer<typeof UnembeddingSpec>

/**
 * What a transformer is, declared: enough for one builder to write its graph. Families produce it from
 * config.json, and lamella.json holds one written by hand. Every block says all of itself.
 */
export const TransformerSpec = z
  .strictObject({
    nHeads: Width,
    nKeyValueHeads: Width,
    dModel: Width,
    dHead: Width,
    /** Neurons of an MLP that does not say how many it has; 0 where no block has one. */
    dMlp: z.union([z.literal(0), Width]),
    dVocab: Width,
    nCtx: Width,
    /** Each query sees only keys at or before it. */
    causal: z.boolean(),
    /** A token whose positions no query sees as keys; null where every token is seen. */
    padding: z.int().min(0).nullable().default(null),
    embedding: EmbeddingSpec,
    blocks: z.array(BlockSpec).min(1).max(4096),
    finalNorm: OptionalNorm,
    /** Null for a model without a head: it gives no logits. */
    unembedding: UnembeddingSpec.nullable().default(null)
  })
  .refine(({ nHeads, nKeyValueHeads }) => nHeads % nKeyValueHeads === 0, {
    path: ['nKeyValueHeads'],
    error: 'expected a divisor of nHeads'
  })
  .superRefine(({ dHead, nHeads, nKeyValueHeads, blocks }, context) => {
    const counts = { query: nHeads, key: nKeyValueHeads, value: nKeyValueHeads }
    blocks.forEach(({ attention: { positions, projections } }, layer) => {
      if (projections.layout === 'by-head')
        for (const part of ['query', 'key', 'value'] as const)
          if (projections[part].length !== counts[part])
            context.addIssue({
              code: 'custom',
              path: ['blocks', layer, 'attention', 'projections', part],
              message: `expected ${counts[part]} matrices`
            })
      if (projections.layout === 'partitioned' && nKeyValueHeads % projections.partitions !== 0)
        context.addIssue({
          code: 'custom',
          path: ['blocks', layer, 'attention', 'projections', 'partitions'],
          message: `expected a divisor of ${nKeyValueHeads}, the number of key/value heads`
        })
      if (positions?.kind === 'rotary' && Math.ceil(positions.dims / 2) * 2 > dHead)
        context.addIssue({
          code: 'custom',
          path: ['blocks', layer, 'attention', 'positions', 'dims'],
          message: `expected at most ${dHead}, the width of a head`
        })
    })
  })
export type TransformerSpec = z.infer<typeof TransformerSpec>

/** A spec as it is written: what has a default may be left out. */
export type TransformerDescription = z.input<typeof TransformerSpec>
export type BlockDescription = z.input<typeof BlockSpec>
