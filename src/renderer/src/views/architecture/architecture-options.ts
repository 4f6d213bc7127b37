import { z } from 'zod'

/** What the diagram is set to. */
export const ArchitectureOptions = z.object({
  /** The box whose tensors are listed, from the first of the diagram; null for none. */
  box: z.int().min(0).nullable().catch(null)
})
