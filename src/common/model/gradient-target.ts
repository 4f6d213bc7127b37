import { z } from 'zod'

const Index = z.int().min(0)

/** No label: what the loss of a text leaves out. @source PyTorch's `ignore_index` */
export const noLabel = -100

/**
 * The number whose gradient is taken. Of a model that reads a text as a whole the only position is 0, and tokens are
 * its labels.
 */
export const GradientTarget = z.discriminatedUnion('kind', [
  /** logits[position, token] */
  z.strictObject({ kind: z.literal('logit'), position: Index, token: Index }),
  /** logits[position, token] − logits[position, other] */
  z.strictObject({ kind: z.literal('difference'), position: Index, token: Index, other: Index }),
  /** softmax(logits[position])[token] */
  z.strictObject({ kind: z.literal('probability'), position: Index, token: Index }),
  /**
   * Mean cross-entropy, in nats, of what is expected at each position: [pos], −100 where nothing is. Where it is left
   * out, the next token.
   */
  z.strictObject({
    kind: z.literal('loss'),
    labels: z.array(z.union([z.literal(noLabel), Index])).optional()
  })
])
export type GradientTarget = z.infer<typeof GradientTarget>
