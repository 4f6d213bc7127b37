import { z } from 'zod'

/** A model by where it lies and what its files are: the same path with other files is another model. */
export const ModelRef = z.object({ path: z.string(), fingerprint: z.string() })
export type ModelRef = z.infer<typeof ModelRef>
