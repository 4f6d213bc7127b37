import { z } from 'zod'
import {
  groupColors,
  groupForms,
  mostGroups,
  usualScores
} from '#common/figure/views/groups-figures.ts'

/** What groups of heads are set to. */
export const GroupsOptions = z.object({
  form: z.enum(groupForms).catch('dendrogram'),
  /** What heads are near one another by. */
  by: z.enum(['patterns', 'scores']).catch('patterns'),
  /** Those of the second, by their names. */
  scores: z
    .array(z.string())
    .min(1)
    .catch([...usualScores]),
  groups: z.int().min(2).max(mostGroups).catch(4),
  /** What colours of the map tell apart. */
  color: z.enum(groupColors).catch('group'),
  /** All heads at once, however many; else rows as high as their labels. */
  whole: z.boolean().catch(true),
  /** Name of the corpus that is read; null for the text. */
  over: z.string().nullable().catch(null),
  /** Tokens of a window; null for those of the corpus, or the usual ones. */
  window: z.int().min(1).nullable().catch(null)
})
export type GroupsOptions = z.output<typeof GroupsOptions>
