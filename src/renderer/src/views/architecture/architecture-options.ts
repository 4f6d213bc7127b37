import { z } from 'zod'
import { firstAngle } from '#common/figure/orbit.ts'
import { SeenPart } from '../../ui/space/use-plane.ts'

/** What the diagram is set to. */
export const ArchitectureOptions = z.object({
  /** The block, each kind once, or all of the model in space. */
  dimensions: z.union([z.literal(2), z.literal(3)]).catch(2),
  /** The box whose tensors are listed, from the first of the diagram; null for none. */
  box: z.int().min(0).nullable().catch(null),
  /** The part in space whose tensors are listed, from the first of the model; null for none. */
  part: z.int().min(0).nullable().catch(null),
  /** From where the space is seen. */
  angle: z.object({ turn: z.number(), tip: z.number() }).catch(firstAngle),
  /** How near it is seen; null for all of it. */
  seen: SeenPart.nullable().catch(null),
  /** The statistic that parts in space are coloured by; null for their kinds. */
  color: z.string().nullable().catch(null)
})
export type ArchitectureOptions = z.output<typeof ArchitectureOptions>
