import { z } from 'zod'
import { poolings } from '../../analysis/pool.ts'
import { colorMaps } from '../color-table.ts'
import { paperLook, type Look } from '../look.ts'
import { valueScales, type ValueRange } from '../value-scale.ts'

/** How values become colours: the same for all figures that have some. */
export const LookParams = z.strictObject({
  colors: z.enum(colorMaps).default('magma'),
  scale: z.enum(valueScales).default('sqrt'),
  /** Whether the range is that of the values, or goes to 1. */
  range: z.enum(['automatic', 'fixed']).default('automatic'),
  /** What cells become that share a pixel. */
  pooling: z.enum(poolings).default('maximum')
})
export type LookParams = z.output<typeof LookParams>

/** The look that params ask for, on paper. */
export function lookOf({ colors, scale, range, pooling }: LookParams, of: ValueRange): Look {
  const follows = range === 'automatic'
  return { ...paperLook, colorMap: colors, scale, follows, pooling, range: of }
}

/** The params that a look is of. */
export function lookParams({ colorMap, scale, follows, pooling }: Look): LookParams {
  return { colors: colorMap, scale, range: follows ? 'automatic' : 'fixed', pooling }
}
