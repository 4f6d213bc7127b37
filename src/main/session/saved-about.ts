import { z } from 'zod'
import { Keep } from '#common/model/session.ts'

/** What a file says of how it was written. */
export const SavedAbout = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.number(),
  version: z.string().max(100),
  keep: Keep
})
