import { z } from 'zod'

/**
 * A page in which a window is shown. What is kept for a window goes from each of its pages to the next, as it is loaded anew;
 * a tab that was copied begins with a page of its own.
 */
export const WindowPage = z.object({
  id: z.uuid(),
  /** The one that was in its tab before; null where none was. */
  before: z.uuid().nullable().catch(null),
  /** Whether its tab has what it goes on with: it takes nothing that another left. */
  goesOn: z.boolean().default(false)
})
export type WindowPage = z.output<typeof WindowPage>
