import { z } from 'zod'

const Index = z.number().int().min(0)

export const AttentionContext = z.object({
  pin: z
    .object({ modelPath: z.string(), text: z.string(), layer: Index, head: Index })
    .nullable()
    .catch(null)
})
export type AttentionContext = z.output<typeof AttentionContext>
