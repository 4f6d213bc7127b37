import { z } from 'zod'
import { activationMeasures } from '#common/figure/views/activation-figures.ts'

/** What the view of activations is set to. */
export const ActivationsOptions = z.object({
  form: z.enum(['layers', 'units', 'experts']).catch('layers'),
  /** A hook of blocks. */
  hook: z.string().catch('hook_resid_post'),
  measure: z.enum(activationMeasures).catch('norm')
})
export type ActivationsOptions = z.output<typeof ActivationsOptions>
