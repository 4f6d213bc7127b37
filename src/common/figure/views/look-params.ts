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

/** Of figures whose colours stand for no values. */
export const plainLook: Look = {
  ...paperLook,
  ...{ colorMap: 'greys', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}

/** What params tell of a range that no command gives: its bounds. */
export function boundsParam({ low, high }: ValueRange): { readonly range: readonly number[] } {
  return { range: [low, high] }
}

/** The params that a look is of. */
export function lookParams({
  colorMap,
  scale,
  follows,
  pooling
}: Pick<Look, 'colorMap' | 'scale' | 'follows' | 'pooling'>): LookParams {
  return { colors: colorMap, scale, range: follows ? 'automatic' : 'fixed', pooling }
}
