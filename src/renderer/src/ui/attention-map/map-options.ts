import { z } from 'zod'

/** What a large map is set to. */
export const MapOptions = z.object({
  /** Whether weights of a row and a column stand beside it as bars. */
  profiles: z.boolean().catch(false),
  /** The query whose row stays there while others are pointed at. */
  pinned: z.int().min(0).nullable().catch(null)
})
export type MapOptions = z.output<typeof MapOptions>
