import { z } from 'zod'
import { Shade } from '#common/figure/views/predictions-figures.ts'

/** How far a text may be gone on with at once. */
export const mostSteps = 500

/** What predictions are set to. What is of one text is so only while its run, by its id, is the one that is shown. */
export const PredictionsOptions = z.object({
  show: z.enum(['text', 'continuation']).catch('text'),
  shade: Shade.catch('surprisal'),
  /** The run whose tokens are masked, or which is gone on with. */
  of: z.string().catch(''),
  /** Positions that are hidden from a model of masked tokens. */
  masked: z.array(z.int().min(0)).catch([]),
  /** Whether the text is gone on with, and the tokens that it begins with, by their ids. */
  going: z.boolean().catch(false),
  path: z.array(z.int().min(0)).catch([]),
  /** Which of these a person took, by their places; the others came before one of them. */
  taken: z.array(z.int().min(0)).catch([]),
  /** The most probable token each time, or one that is drawn. */
  how: z.enum(['probable', 'drawn']).catch('probable'),
  temperature: z.number().positive().max(100).catch(1),
  /** Null for all. */
  topK: z.int().min(1).nullable().catch(null),
  topP: z.number().positive().max(1).nullable().catch(null),
  seed: z.int().min(0).catch(0),
  max: z.int().min(1).max(mostSteps).catch(40)
})
export type PredictionsOptions = z.output<typeof PredictionsOptions>
