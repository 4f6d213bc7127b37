import { z } from 'zod'
import { ModelRef } from './model-ref.ts'

/** How a model is wanted that open sessions keep, or in whose place another one is. */
export const OpenedAs = z.enum(['present', 'aside'])
export type OpenedAs = z.infer<typeof OpenedAs>

/** Which model of its path is wanted, and how: null for itself, or what stands in for it where it is not there. */
export const ChosenModel = ModelRef.extend({ as: OpenedAs.nullable() })
export type ChosenModel = z.infer<typeof ChosenModel>

/** Whether the same was chosen of a path. Where nothing was, the model may be another one without anybody's doing. */
export function isSameChoice(a: ChosenModel | undefined, b: ChosenModel | undefined): boolean {
  const [was, is] = [a?.as ?? null, b?.as ?? null]
  return was === is && (is === null || a?.fingerprint === b?.fingerprint)
}
