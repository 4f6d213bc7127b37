import type { HeatMapLook } from '../heat-map-pixels.ts'
import { short } from './tex-paint.ts'

/** Colours of a map, and two more for what holds no value. */
export const stops = 32
/** Where among positions from 0 to 1 stands what holds no value. */
export const empty = -2 / stops

/** Colours as options of an axis, of positions from 0 to 1. @param ground of what holds no value, such as #ffffff */
export function colormapTex(table: HeatMapLook['table'], ground: string): string {
  const color = (parts: readonly (number | undefined)[]) => `rgb255=(${parts.join(',')})`
  const none = color([1, 3, 5].map(from => parseInt(ground.slice(from, from + 2), 16)))
  const all = Array.from({ length: stops + 1 }, (_, i) => {
    const from = 3 * Math.round((255 * i) / stops)
    return color([table[from], table[from + 1], table[from + 2]])
  })
  return `colormap={lamella}{${[none, none, ...all].join(' ')}},point meta min=${short(empty)},point meta max=1`
}
