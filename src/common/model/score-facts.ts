import { z } from 'zod'
import { AlibiSpec, RelativeSpec } from './attention-spec.ts'

/** How a layer makes attention scores of queries and keys, as the model's declaration says it. */
export const ScoreFacts = z.object({
  /** Factor of query · key. */
  scale: z.number(),
  /** softCap · tanh(score / softCap); null without one. */
  softCap: z.number().nullable(),
  /** The linear biases that are added once scores are capped; null without them. */
  alibi: AlibiSpec.omit({ kind: true }).nullable(),
  /** The biases by relative position, W_rel, that are added once scores are capped; left out where there are none. */
  relative: RelativeSpec.pick({ buckets: true, furthest: true }).optional(),
  /** Whether a sink takes part of each query's attention, so that the rows of a pattern sum to less than 1. */
  sinks: z.boolean().optional(),
  /**
   * The vectors that are multiplied: `hook_q` and `hook_k` as they are projected, or `hook_rot_q` and `hook_rot_k` once
   * they turned; null where no hook holds them, as of those that are normalised and do not turn.
   */
  vectors: z.enum(['projected', 'turned']).nullable()
})
export type ScoreFacts = z.infer<typeof ScoreFacts>
