import { z } from 'zod'
import { poolings } from '../../analysis/pool.ts'
import { colorMaps } from '../color-table.ts'
import { paperLook, type Look } from '../look.ts'
import { valueScales, type ValueRange } from '../value-scale.ts'

/** The lowest and the highest value that are told apart, or that there is room for. */
export const Bounds = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'expected the lower bound first, such as [0,0.8]')
export type Bounds = z.output<typeof Bounds>

/** Whether the range of what is never fixed is that of its values, or that of others with them, which its bounds say. */
export const OwnRange = z.union([z.literal('automatic'), Bounds]).default('automatic')

/** How values become colours: the same for all figures that have some. */
export const LookParams = z.strictObject({
  colors: z.enum(colorMaps).default('magma'),
  scale: z.enum(valueScales).default('sqrt'),
  /** Whether the range is that of the values, goes to 1, or is that of several figures, which its bounds say. */
  range: z.union([z.enum(['automatic', 'fixed']), Bounds]).default('automatic'),
  /** What cells become that share a pixel. */
  pooling: z.enum(poolings).default('maximum')
})
export type LookParams = z.output<typeof LookParams>

/**
 * The look that params ask for, on paper.
 * @param own the range of the values
 * @param whole the fixed one
 */
export function lookOf(
  { colors, scale, range, pooling }: LookParams,
  own: ValueRange,
  whole = own
): Look {
  const look = { ...paperLook, colorMap: colors, scale, pooling }
  if (range === 'fixed') return { ...look, follows: false, range: whole }
  if (range === 'automatic') return { ...look, follows: true, range: own }
  return { ...look, follows: true, shared: true, range: rangeOfBounds(range) }
}

export function rangeOfBounds([low, high]: Bounds): ValueRange {
  return { low, high }
}

export function boundsOf({ low, high }: ValueRange): Bounds {
  return [low, high]
}

/** Of figures whose colours stand for no values. */
export const plainLook: Look = {
  ...paperLook,
  ...{ colorMap: 'greys', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}

/** The params that a look is of. @param look its range is left out of what has none, and of what has one of its values alone */
export function lookParams({
  colorMap,
  scale,
  follows,
  shared = false,
  range,
  pooling
}: Omit<Look, 'range'> & Partial<Pick<Look, 'range'>>): LookParams {
  const own = shared && range !== undefined ? boundsOf(range) : 'automatic'
  return { colors: colorMap, scale, range: follows ? own : 'fixed', pooling }
}
