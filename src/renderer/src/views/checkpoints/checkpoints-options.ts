import { z } from 'zod'
import { changeStatistics } from '#common/figure/views/checkpoints-view.ts'

const names = changeStatistics.map(({ name }) => name)

/** What two checkpoints are looked at by. */
export const CheckpointsOptions = z.object({
  /** What is followed through the layers. */
  statistic: z.enum(names).catch('relative'),
  /** The order of tensors, what changed most first; null as the files have them. */
  sort: z
    .object({ by: z.enum(['name', ...names]), descending: z.boolean() })
    .nullable()
    .catch({ by: 'relative', descending: true }),
  /** Words that names have. */
  filter: z.string().catch(''),
  /** What did not change is not listed. */
  changedOnly: z.boolean().catch(false),
  /** Ranks of all changes were asked for. */
  ranks: z.boolean().catch(false)
})
export type CheckpointsOptions = z.output<typeof CheckpointsOptions>
