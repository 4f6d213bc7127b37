import { z } from 'zod'

export const forms = ['map', 'numbers', 'spectrum', 'components'] as const

const Stretch = z
  .tuple([z.int().min(0), z.int().min(0)])
  .nullable()
  .catch(null)

/** What the view of a tensor is set to. */
export const TensorOptions = z.object({
  form: z.enum(forms).catch('map'),
  /** By its name in the files; null for the one that is selected, or the first. */
  tensor: z.string().nullable().catch(null),
  /** The part that is shown: from the first to the one after the last; null for all. */
  rows: Stretch,
  columns: Stretch
})
export type TensorOptions = z.output<typeof TensorOptions>
