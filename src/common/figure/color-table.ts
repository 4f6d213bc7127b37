import {
  interpolateCividis,
  interpolateGreys,
  interpolateMagma,
  interpolateViridis
} from 'd3-scale-chromatic'
import type { Quantity } from './heat-map-pixels.ts'

/** Sequential colour maps, perceptually uniform, from what is near the paper to what is far from it. */
export const colorMaps = ['magma', 'viridis', 'cividis', 'greys'] as const

export type ColorMap = (typeof colorMaps)[number]

/** What values become colours by: a sequential map, or one that diverges from zero. */
export type Coloring = ColorMap | 'difference'

/** Each from dark to light. */
const rising: Readonly<Record<ColorMap, (t: number) => string>> = {
  magma: interpolateMagma,
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  greys: t => interpolateGreys(1 - t)
}

/** Both ends of differences, less and more: on light and on dark paper. */
const ends = {
  light: [
    [5, 48, 97],
    [67, 147, 195],
    [214, 96, 77],
    [103, 0, 31]
  ],
  dark: [
    [158, 213, 255],
    [47, 124, 190],
    [201, 86, 42],
    [255, 199, 143]
  ]
} as const

/** Share of a map over which it leaves the paper's own colour. */
const fade = 0.12

/** The colours of a quantity: zero has that of the page. */
export function coloringOf(
  quantity: Quantity,
  { colorMap }: { readonly colorMap: ColorMap }
): Coloring {
  return quantity === 'difference' ? 'difference' : colorMap
}

const tables = new Map<string, Uint8Array>()

/**
 * The colours of a map at 256 even steps. The lowest value has the colour of the paper, of differences zero, so that
 * what is nothing looks like nothing.
 * @param paper such as `#ffffff`; light and dark paper have maps that run the other way
 * @returns [256, rgb], each 0–255
 */
export function colorTable(name: Coloring, paper: string): Uint8Array {
  const key = `${name} ${paper}`
  const known = tables.get(key)
  if (known !== undefined) return known
  const color = name === 'difference' ? diverging(paper) : sequential(rising[name], paper)
  const table = new Uint8Array(256 * 3)
  for (let step = 0; step < 256; step++) table.set(color(step / 255), step * 3)
  tables.set(key, table)
  return table
}

/** A CSS colour of a map at `t` between 0 and 1. */
export function cssColor(name: Coloring, t: number, paper: string): string {
  const table = colorTable(name, paper)
  const at = Math.round(Math.min(1, Math.max(0, t)) * 255) * 3
  return `rgb(${table[at]}, ${table[at + 1]}, ${table[at + 2]})`
}

/** The colour of a difference at either end: of what is less, or more. */
export function differenceColor(difference: number, paper: string): string {
  return cssColor('difference', difference < 0 ? 0.1 : 0.9, paper)
}

/** Begins at the paper's colour and goes on in the map's, from where that is further from the paper's lightness. */
function sequential(map: (t: number) => string, paper: string): (t: number) => Rgb {
  const ground = rgbOfCss(paper)
  const dark = isDark(ground)
  const at = (t: number) => rgbOfCss(map(dark ? t : 1 - t))
  const beyond = (t: number) =>
    dark ? luminance(at(t)) > luminance(ground) : luminance(at(t)) < luminance(ground)
  let from = 0
  while (from < 1 && !beyond(from)) from += 1 / 256
  return t => mixed(ground, at(from + (1 - from) * t), Math.min(1, t / fade))
}

function diverging(paper: string): (t: number) => Rgb {
  const ground = rgbOfCss(paper)
  const [least, less, more, most] = ends[isDark(ground) ? 'dark' : 'light']
  const arm = (middle: readonly number[], end: readonly number[], t: number) =>
    t < 0.5 ? mixed(ground, middle, 2 * t) : mixed(middle, end, 2 * t - 1)
  // Both steps in the middle are zero's.
  const size = (t: number) => Math.max(0, (Math.abs(2 * t - 1) * 255 - 1) / 254)
  return t => (t < 0.5 ? arm(less, least, size(t)) : arm(more, most, size(t)))
}

function mixed(a: readonly number[], b: readonly number[], share: number): Rgb {
  return a.map((part, i) => Math.round(part + (b[i]! - part) * share)) as Rgb
}

function isDark(color: Rgb): boolean {
  return luminance(color) < 128
}

/** Between 0 and 255. */
function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/**
 * Red, green and blue of `#rrggbb` or `rgb(r, g, b)`.
 * @throws RangeError when the text is neither
 */
export function rgbOfCss(color: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color)
  if (hex) return [hex[1], hex[2], hex[3]].map(part => parseInt(part!, 16)) as Rgb
  const rgb = /^rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\s*\)$/.exec(color)
  if (rgb) return [rgb[1], rgb[2], rgb[3]].map(Number) as Rgb
  throw new RangeError(`invalid colour: ${color}`)
}

type Rgb = [number, number, number]
