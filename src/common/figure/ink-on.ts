import type { Look } from './look.ts'
import { positionInRange } from './value-scale.ts'

/** Between what black and white letters read on alike: 4.6 times as light or dark. */
const middle = 0.179

/**
 * Whether light letters read on the colour of a value.
 * @source WCAG 2.2, relative luminance and contrast ratio
 */
export function lightOn(
  value: number,
  table: Uint8Array,
  { scale, range }: Pick<Look, 'scale' | 'range'>
): boolean {
  const step = Math.round(positionInRange(scale, range, value) * 255) * 3
  const [r, g, b] = [0, 1, 2].map(part => linear[table[step + part]!]!)
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! < middle
}

/** Parts of a colour as light: [256] */
const linear = Float64Array.from({ length: 256 }, (_, part) => {
  const share = part / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
})

/** Black or white, whichever reads on the colour of a value. */
export function inkOn(
  value: number,
  table: Uint8Array,
  look: Pick<Look, 'scale' | 'range'>
): string {
  return lightOn(value, table, look) ? 'rgb(255, 255, 255)' : 'rgb(0, 0, 0)'
}
