import { z } from 'zod'
import { lensParts } from '#common/analysis/lens/lens.ts'
import { lensColors } from '#common/figure/views/lens-figure.ts'

/** A token of one model's vocabulary, by its id and its spelling; another model may have another one there. */
export const Target = z.object({
  id: z.int().min(0),
  piece: z.string(),
  /** Fingerprint of the model that it was chosen in. */
  of: z.string()
})
export type Target = z.output<typeof Target>

/** What the logit lens is set to. */
export const LensOptions = z.object({
  part: z.enum(lensParts).catch('resid'),
  color: z.enum(lensColors).catch('probability'),
  /** The token that is looked for; null for the next one of the text. */
  target: Target.nullable().catch(null),
  /** Of the residual stream, whether the row before all blocks is chosen: it is of no block. */
  embedding: z.boolean().catch(false)
})
export type LensOptions = z.output<typeof LensOptions>
