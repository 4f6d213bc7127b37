import { z } from 'zod'
import { windowScores } from '#common/analysis/head-statistics/window-scores.ts'

export const forms = ['dendrogram', 'map', 'matrix'] as const

/** More are hardly told apart by their colours. */
export const mostGroups = 24

/** Scores that heads are compared by where nobody chooses. */
export const usualScores: readonly string[] = windowScores.map(({ name }) => name)

/** What groups of heads are set to. */
export const GroupsOptions = z.object({
  form: z.enum(forms).catch('dendrogram'),
  /** What heads are near one another by. */
  by: z.enum(['patterns', 'scores']).catch('patterns'),
  /** Those of the second, by their names. */
  scores: z
    .array(z.string())
    .min(1)
    .catch([...usualScores]),
  groups: z.int().min(2).max(mostGroups).catch(4),
  /** What colours of the map tell apart. */
  color: z.enum(['group', 'layer']).catch('group'),
  /** All heads at once, however many; else rows as high as their labels. */
  whole: z.boolean().catch(true),
  /** Name of the corpus that is read; null for the text. */
  over: z.string().nullable().catch(null),
  /** Tokens of a window; null for those of the corpus, or the usual ones. */
  window: z.int().min(1).nullable().catch(null)
})
export type GroupsOptions = z.output<typeof GroupsOptions>
