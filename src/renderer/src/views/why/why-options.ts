import { z } from 'zod'
import { ChosenToken } from '../../reactive/use-chosen-token.ts'

/** What “Why A and not B?” is set to. */
export const WhyOptions = z.object({
  /** The token that is asked about, and the one that it is set against; null for the most probable ones. */
  token: ChosenToken.nullable().catch(null),
  other: ChosenToken.nullable().catch(null),
  /** What takes the place of a part that is ablated. */
  by: z.enum(['mean', 'zero']).catch('mean'),
  /** A pair or corpus by its kind and name; null of the text. */
  over: z
    .object({ kind: z.enum(['pair', 'corpus']), name: z.string() })
    .nullable()
    .catch(null)
})
export type WhyOptions = z.output<typeof WhyOptions>
