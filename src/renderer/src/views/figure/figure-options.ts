import { z } from 'zod'

/** What a tab of a figure is set to. */
export const FigureOptions = z.object({
  /** By its id; null while none is chosen. */
  figure: z.string().nullable().catch(null)
})
