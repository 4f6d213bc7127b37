import { rangeWords } from '../../color-bar.ts'
import { colorTable, rgbOfCss, type Coloring } from '../../color-table.ts'
import type { Look } from '../../look.ts'
import type { Said } from '../plot.ts'

/** A CSS colour as matplotlib reads it. */
export function hexColor(css: string): string {
  return `#${hexOf(rgbOfCss(css))}`
}

/** Parts of colours, 0–255 each, as hexadecimal digits. */
export function hexOf(parts: Iterable<number>): string {
  return Array.from(parts, part => part.toString(16).padStart(2, '0')).join('')
}

/** The colours of values as a figure has them. @param name what the values are */
export function colorsOf(name: string, coloring: Coloring, look: Look): Record<string, Said> {
  const { low, high } = look.range
  return {
    ...{ name, colors: hexOf(colorTable(coloring, look.paper)), scale: look.scale },
    ...{ low, high: high > low ? high : low + 1, range: rangeWords(look), empty: look.empty },
    bar: look.bar ?? 'beside'
  }
}
