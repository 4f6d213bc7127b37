import { z } from 'zod'
import { timelineGroupings } from '#common/figure/views/timeline-lines.ts'
import { followedNumbers } from '#common/figure/views/timeline-view.ts'

const numbers = followedNumbers.map(({ of }) => of)

/** What a timeline is set to. */
export const TimelineOptions = z.object({
  /** The number that is followed; null for the first that can be. */
  of: z
    .string()
    .refine(of => numbers.includes(of))
    .nullable()
    .catch(null),
  /** Of weights, what they do; null for every tensor as it is stored. */
  role: z.string().nullable().catch('W_Q'),
  by: z.enum(timelineGroupings).catch('each'),
  /** Whether each step of the axis is a factor. */
  log: z.boolean().catch(false),
  /** Name of the corpus that is read; null for the text. */
  over: z.string().nullable().catch(null),
  /** The line that was chosen where it is of no head, by its name. */
  line: z.string().nullable().catch(null),
  /** The checkpoint that is looked at, by its name. */
  checkpoint: z.string().nullable().catch(null)
})
export type TimelineOptions = z.output<typeof TimelineOptions>
