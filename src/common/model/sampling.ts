import { z } from 'zod'
import { Seed } from './seed.ts'

/** By less logits of any size would become infinite; by this the most probable token is always drawn. */
const leastTemperature = 1e-6

/** How a token is drawn from what the model expects: these are applied in their order, as in transformers. */
export const Sampling = z.strictObject({
  /** Logits are divided by it. */
  temperature: z
    .number()
    .min(leastTemperature, `expected ${leastTemperature} or more`)
    .max(1000)
    .default(1),
  /** The so many most probable tokens stay, and what is equal to the last of them; null for all. */
  topK: z.int().min(1).nullable().default(null),
  /** The fewest most probable tokens stay that have this much probability together; null for all. */
  topP: z.number().positive().max(1).nullable().default(null),
  /** Equal seeds draw equal tokens. */
  seed: Seed
})
export type Sampling = z.infer<typeof Sampling>
