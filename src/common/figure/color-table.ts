import {
  interpolateCividis,
  interpolateGreys,
  interpolateMagma,
  interpolateViridis
} from 'd3-scale-chromatic'

/** Sequential colour maps, perceptually uniform, from lowest to highest value. */
export const colorMaps = ['magma', 'viridis', 'cividis', 'greys'] as const

export type ColorMap = (typeof colorMaps)[number]

const interpolators: Readonly<Record<ColorMap, (t: number) => string>> = {
  magma: interpolateMagma,
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  greys: interpolateGreys
}

const tables = new Map<ColorMap, Uint8Array>()

/**
 * The colours of a map at 256 even steps.
 * @returns [256, rgb], each 0–255
 */
export function colorTable(name: ColorMap): Uint8Array {
  const known = tables.get(name)
  if (known !== undefined) return known
  const table = new Uint8Array(256 * 3)
  for (let step = 0; step < 256; step++)
    table.set(rgbOfCss(interpolators[name](step / 255)), step * 3)
  tables.set(name, table)
  return table
}

/** A CSS colour of a map at `t` between 0 and 1. */
export function cssColor(name: ColorMap, t: number): string {
  const table = colorTable(name)
  const at = Math.round(Math.min(1, Math.max(0, t)) * 255) * 3
  return `rgb(${table[at]}, ${table[at + 1]}, ${table[at + 2]})`
}

/**
 * Red, green and blue of `#rrggbb` or `rgb(r, g, b)`.
 * @throws RangeError when the text is neither
 */
export function rgbOfCss(color: string): [number, number, number] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color)
  if (hex) return [hex[1], hex[2], hex[3]].map(part => parseInt(part!, 16)) as Rgb
  const rgb = /^rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\s*\)$/.exec(color)
  if (rgb) return [rgb[1], rgb[2], rgb[3]].map(Number) as Rgb
  throw new RangeError(`invalid colour: ${color}`)
}

type Rgb = [number, number, number]
