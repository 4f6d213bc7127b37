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

/** A run of the same model, by the same provider. */
export interface OtherRun {
  readonly input: RunInput
  readonly edits: readonly Edit[]
}

/**
 * A change of one hook's value, for part of it: value ← scale · value + add. Zero ablation is scale 0; mean ablation
 * scale 0 with the mean added; patching scale 0 with another run's value added; steering scale 1 with a direction.
 */
export interface Edit {
  /** Its full name, such as `blocks.3.attn.hook_z`. */
  readonly hook: string
  /** All of an axis where it is left out. */
  readonly at: Partial<Record<EditAxis, IndexRange>>
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

export const Edit: z.ZodType<Edit> = z.lazy(() =>
  z.strictObject({
    hook: z.string().min(1),
    at: At.prefault({}),
    scale: z.number().default(1),
    add: Addend.nullable().default(null)
  })
) as z.ZodType<Edit>

const Addend: z.ZodType<Addend> = z.lazy(() =>
  z.union([
    z.number(),
    z.array(z.number()),
    z.literal('mean'),
    z.literal('-inf'),
    z.strictObject({
      from: z.strictObject({ input: RunInput, edits: z.array(Edit).default([]) }),
      hook: z.string().min(1),
      times: z.number().default(1)
    })
  ])
)
