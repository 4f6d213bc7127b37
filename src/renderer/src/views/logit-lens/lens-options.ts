import { z } from 'zod'
import { lensParts } from '#common/analysis/lens/lens.ts'
import { lensColors } from '#common/figure/views/lens-figure.ts'
import { ChosenToken } from '../../reactive/use-chosen-token.ts'

/** What the logit lens is set to. */
export const LensOptions = z.object({
  part: z.enum(lensParts).catch('resid'),
  color: z.enum(lensColors).catch('probability'),
  /** The token that is looked for; null for the next one of the text. */
  target: ChosenToken.nullable().catch(null),
  /** Of the residual stream, whether the row before all blocks is chosen: it is of no block. */
  embedding: z.boolean().catch(false)
})
export type LensOptions = z.output<typeof LensOptions>
