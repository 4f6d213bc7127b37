import { z } from 'zod'

/** What the health check is set to. */
export const HealthOptions = z.object({
  /** Kinds of findings of which all are listed, also where they are many. */
  unfolded: z.array(z.string()).catch([])
})
