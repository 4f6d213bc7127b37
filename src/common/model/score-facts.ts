import { z } from 'zod'

/** How a layer makes attention scores of queries and keys, as the model's declaration says it. */
export const ScoreFacts = z.object({
  /** Factor of query · key. */
  scale: z.number(),
  /** softCap · tanh(score / softCap); null without one. */
  softCap: z.number().nullable(),
  /** Whether a slope of each head times the key's position is added. */
  alibi: z.boolean()
})
export type ScoreFacts = z.infer<typeof ScoreFacts>
