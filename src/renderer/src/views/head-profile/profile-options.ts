import { z } from 'zod'
import { queryScoreNames } from '#common/analysis/head-contexts/query-scores.ts'
import { binnings } from '#common/analysis/head-contexts/score-bins.ts'

/** How many contexts are drawn from each part of the range. */
export const drawnCounts = [3, 5, 10, 20] as const

/** What a profile of a head is set to. */
export const ProfileOptions = z.object({
  score: z.enum(queryScoreNames).catch('max_beyond_first'),
  by: z.enum(binnings).catch('count'),
  drawn: z.union(drawnCounts.map(count => z.literal(count))).catch(5),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .catch(0),
  /** Name of the corpus that is read; null for the text. */
  over: z.string().nullable().catch(null),
  /** Tokens of a window; null for those of the corpus, or the usual ones. */
  window: z.int().min(1).nullable().catch(null),
  /** Path of a HeadVis folder that is shown in their place; null for none. */
  folder: z.string().min(1).nullable().catch(null)
})
export type ProfileOptions = z.output<typeof ProfileOptions>
