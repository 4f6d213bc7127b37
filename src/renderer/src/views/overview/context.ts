import { z } from 'zod'

export const OverviewContext = z.object({
  /** The model it stays on; null to follow. */
  pin: z.object({ modelPath: z.string(), name: z.string() }).nullable().catch(null)
})
export type OverviewContext = z.output<typeof OverviewContext>
