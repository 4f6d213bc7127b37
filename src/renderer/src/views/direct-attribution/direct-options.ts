import { z } from 'zod'
import { ChosenToken } from '../../reactive/use-chosen-token.ts'

/** What direct logit attribution is set to. */
export const DirectOptions = z.object({
  /** The token whose logit is taken apart; null for the most probable one. */
  token: ChosenToken.nullable().catch(null),
  /** The one that it is set against; null for none. */
  other: ChosenToken.nullable().catch(null),
  /** Whether the sum goes on to the logarithm of the probability. */
  log: z.boolean().catch(false),
  /** Whose reading tokens are shaded by: all heads', or that of the head that is selected. */
  by: z.enum(['all', 'head']).catch('all')
})
export type DirectOptions = z.output<typeof DirectOptions>
