import { scaled } from './value-scale.ts'
import type { ValueRange, ValueScale } from './value-scale.ts'

export interface HeatMapLook {
  /** [256, rgb] */
  readonly table: Uint8Array
  readonly scale: ValueScale
  readonly range: ValueRange
  /** How many columns of a row hold a value, from the left; the others stay transparent. */
  readonly filled?: (row: number) => number
}

/** The columns of a causal pattern that hold a value: keys up to the query. */
export function causalColumns(row: number): number {
  return row + 1
}

/**
 * One pixel for each cell of a matrix. NaN is transparent.
 * @param values [row, column]
 * @returns [row, column, rgba]
 */
export function heatMapPixels(
  values: Float32Array,
  rows: number,
  columns: number,
  look: HeatMapLook
): Uint8ClampedArray<ArrayBuffer> {
  const { table, scale, range, filled } = look
  const pixels = new Uint8ClampedArray(rows * columns * 4)
  const low = scaled(scale, range.low)
  const width = scaled(scale, range.high) - low
  const factor = width > 0 ? 255 / width : 0
  for (let row = 0; row < rows; row++) {
    const end = Math.min(columns, filled?.(row) ?? columns)
    for (let column = 0; column < end; column++) {
      const cell = row * columns + column
      const value = values[cell]!
      if (Number.isNaN(value)) continue
      const step = Math.round(Math.min(255, Math.max(0, (scaled(scale, value) - low) * factor)))
      const pixel = cell * 4
      pixels[pixel] = table[step * 3]!
      pixels[pixel + 1] = table[step * 3 + 1]!
      pixels[pixel + 2] = table[step * 3 + 2]!
      pixels[pixel + 3] = 255
    }
  }
  return pixels
}

/**
 * The lowest and highest value of a matrix; of a causal one, only of the cells that hold a value.
 * @param values [row, column]
 */
export function extent(
  values: Float32Array,
  rows: number,
  columns: number,
  causal: boolean
): ValueRange {
  let low = Infinity
  let high = -Infinity
  for (let row = 0; row < rows; row++) {
    const end = causal ? Math.min(columns, row + 1) : columns
    for (let cell = row * columns; cell < row * columns + end; cell++) {
      const value = values[cell]!
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 1 }
}

/**
 * Whether no query attends to a later key.
 * @param values [row, column], square
 */
export function isCausal(values: Float32Array, size: number): boolean {
  for (let row = 0; row < size; row++)
    for (let column = row + 1; column < size; column++)
      if (values[row * size + column]! > 0) return false
  return true
}
