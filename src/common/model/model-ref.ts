import { z } from 'zod'

/** A model by where it lies and what its files are: the same path with other files is another model. */
export const ModelRef = z.object({ path: z.string(), fingerprint: z.string() })
export type ModelRef = z.infer<typeof ModelRef>

/** A model that lies elsewhere than it did: the very same one, under another reference. */
export const ModelMove = z.object({ from: ModelRef, to: ModelRef })
export type ModelMove = z.infer<typeof ModelMove>

/** Whether two references, or what has them, are of one model. */
export function isSameModel(a: ModelRef, b: ModelRef): boolean {
  return a.path === b.path && a.fingerprint === b.fingerprint
}
