import { z } from 'zod'
import { RunInput } from './run-input.ts'

/** Indices of an axis: a list of them, or `start:end` with the end left out. */
export const IndexRange = z.union([
  z.array(z.int().min(0)),
  z.string().regex(/^\d+:\d+$/, 'expected a range such as 0:5')
])
export type IndexRange = z.infer<typeof IndexRange>

/** The axes that a part of a value is chosen along; `unit` is the last axis of a value that has positions. */
export const editAxes = ['pos', 'query', 'key', 'head', 'unit'] as const
export type EditAxis = (typeof editAxes)[number]

/** What is added where an edit applies. */
export type Addend =
  | number
  /** One number for each chosen unit, or for each chosen entry, row-major. */
  | readonly number[]
  /** The value's own mean over positions, in the run without edits. */
  | 'mean'
  /** To scores: the key is not seen. */
  | '-inf'
  /** The value of a hook in another run of the same model, at the same places, times a number. */
  | { readonly from: OtherRun; readonly hook: string; readonly times: number }

/** Whether an edit adds the value of another run. */
export function addsFromRun(add: Addend | null): add is Extract<Addend, { from: OtherRun }> {
  return typeof add === 'object' && add !== null && 'from' in add
}

/** A run of the same model, by the same provider. */
export interface OtherRun {
  readonly input: RunInput
  readonly edits: readonly Edit[]
}

/**
 * A change of one hook's value, for part of it: value ← scale · value + add. Zero ablation is scale 0; mean ablation
 * scale 0 with the mean added; patching scale 0 with another run's value added; steering scale 1 with a direction. One
 * of the two is said: an edit that changes nothing, for the gradient by its scale, has scale 1.
 */
export interface Edit {
  /** Its full name, such as `blocks.3.attn.hook_z`. */
  readonly hook: string
  /** All of an axis where it is left out. */
  readonly at: { readonly [Axis in EditAxis]?: IndexRange | undefined }
  readonly scale: number
  readonly add: Addend | null
}

const At = z.strictObject({
  pos: IndexRange.optional(),
  query: IndexRange.optional(),
  key: IndexRange.optional(),
  head: IndexRange.optional(),
  unit: IndexRange.optional()
})

/** Edits whose other runs may be edited in their turn, so many times over. */
const depth = 4

export const Edit: z.ZodType<Edit> = editWithin(depth)

function editWithin(depth: number): z.ZodType<Edit> {
  const written = z.strictObject({
    hook: z.string().min(1),
    at: At.prefault({}),
    scale: z.number().optional(),
    add: addendWithin(depth).nullable().optional()
  })
  return written
    .refine(
      ({ scale, add }) => scale !== undefined || (add ?? null) !== null,
      'expected scale, add or both: without them it changes nothing (scale 1 says so)'
    )
    .transform(({ hook, at, scale = 1, add = null }) => ({ hook, at, scale, add }))
}

function addendWithin(depth: number): z.ZodType<Addend> {
  const plain = [z.number(), z.array(z.number()), z.literal('mean'), z.literal('-inf')] as const
  if (depth === 0) return z.union(plain)
  const from = z.strictObject({
    input: RunInput,
    edits: z.array(editWithin(depth - 1)).default([])
  })
  const other = z.strictObject({ from, hook: z.string().min(1), times: z.number().default(1) })
  return z.union([...plain, other])
}
