import { z } from 'zod'
import { scoreQuantities } from '#common/figure/views/score-map.ts'

const over = z.string().nullable().catch(null)
const window = z.int().min(1).nullable().catch(null)

/** What a comparison is set to; scores go by their names. */
export const ComparisonOptions = z.object({
  score: z.string().catch('previous_token'),
  /** The number itself, or how far it is above uniform attention. */
  quantity: z.enum(scoreQuantities).catch('above'),
  /** Both maps, or where models are of one shape their difference. */
  maps: z.enum(['both', 'difference']).catch('both'),
  /** Name of the corpus that each reads, null for its text; and tokens of a window, null for the usual ones. */
  over,
  window,
  otherOver: over,
  otherWindow: window
})
export type ComparisonOptions = z.output<typeof ComparisonOptions>
