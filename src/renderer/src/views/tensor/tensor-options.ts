import { z } from 'zod'
import { mostRegions } from '#common/analysis/tensor-map/region.ts'

export const forms = ['map', 'numbers', 'spectrum', 'components'] as const

const Extent = z.tuple([z.int().min(0), z.int().min(0)])

/** What the view of a tensor is set to. */
export const TensorOptions = z.object({
  form: z.enum(forms).catch('map'),
  /** By its name in the files; null for the one that is selected, or the first. */
  tensor: z.string().nullable().catch(null),
  /** The parts that are shown side by side, each from the first to the one after the last; none for all of it. */
  regions: z
    .array(z.object({ rows: Extent, columns: Extent }))
    .max(mostRegions)
    .catch([])
})
export type TensorOptions = z.output<typeof TensorOptions>
