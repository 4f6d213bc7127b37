import { z } from 'zod'

const Index = z.number().int().min(0)

export const HeadContext = z.object({
  layer: Index.catch(0),
  head: Index.catch(0),
  pin: z
    .object({ modelPath: z.string(), text: z.string(), layer: Index, head: Index })
    .nullable()
    .catch(null)
})
export type HeadContext = z.output<typeof HeadContext>
