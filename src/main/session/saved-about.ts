import { z } from 'zod'
import { Moment } from '#common/model/moment.ts'
import { Keep } from '#common/model/session.ts'

/** What a file says of how it was written. */
export const SavedAbout = z.strictObject({
  at: Moment,
  version: z.string().max(100),
  keep: Keep
})
