import { z } from 'zod'

/** What numbers by layer are set to. */
export const LayersOptions = z.object({
  /** Which weights: a name with `{}` where layers have their number, or a role; null for the first. */
  of: z.string().nullable().catch(null),
  /** As its analysis calls it. */
  statistic: z.string().catch('std')
})
export type LayersOptions = z.output<typeof LayersOptions>
