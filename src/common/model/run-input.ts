import { z } from 'zod'

/** What a model reads: a text, or token ids. */
export const RunInput = z.union([
  z.object({ text: z.string() }),
  z.object({ ids: z.array(z.number().int()) })
])
export type RunInput = z.infer<typeof RunInput>
