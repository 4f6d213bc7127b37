import type { Visibility } from '../model/visibility.ts'
import { scaled } from './value-scale.ts'
import type { ValueRange, ValueScale } from './value-scale.ts'

export interface HeatMapLook {
  /** [256, rgb] */
  readonly table: Uint8Array
  readonly scale: ValueScale
  readonly range: ValueRange
}

/** What values are: attention weights, or by how much they are more than others. */
export const quantities = ['weight', 'difference'] as const

export type Quantity = (typeof quantities)[number]

/** What lines stand for. */
export function linesShown(quantity: Quantity): string {
  return `Lines: ${quantity === 'difference' ? 'difference of attention weights' : 'attention weight'}`
}

/** What cells are that hold no value, where a mask is why. */
export const greyKeys = 'grey: keys that a query does not see'

/** The columns of a row that hold a value: from `start`, before `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Where the visible keys of some queries lie along the axis of keys; null where visibility is not known, so that
 * every key may be one.
 * @param from the first query, to the edge of a cell or within it
 * @param to the end of the last one
 * @param firstHidden whether the first key is left out
 */
export function keySpan(
  visibility: Visibility | null,
  from: number,
  to: number,
  size: number,
  firstHidden = false
): Span {
  const { causal = false, reach = null } = visibility ?? {}
  return {
    start: Math.max(firstHidden ? 1 : 0, reach === null ? 0 : from - reach),
    end: Math.min(size, causal ? to : reach === null ? size : to + reach)
  }
}

/**
 * One pixel for each cell of a matrix. What holds no value and NaN are transparent.
 * @param values [row, column]
 * @param filled where the values of a row are; everywhere when it is left out
 * @returns [row, column, rgba]
 */
export function heatMapPixels(
  values: Float32Array,
  rows: number,
  columns: number,
  { table, scale, range }: HeatMapLook,
  filled?: (row: number) => Span
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(rows * columns * 4)
  const low = scaled(scale, range.low)
  const width = scaled(scale, range.high) - low
  const factor = width > 0 ? 255 / width : 0
  for (let row = 0; row < rows; row++) {
    const { start, end } = filled?.(row) ?? { start: 0, end: columns }
    for (let column = Math.max(0, start); column < Math.min(columns, end); column++) {
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

/** The columns that hold any of a span, each `cells` wide, from `first` on. */
export function wholeColumns(
  { start, end }: Span,
  { first, cells }: { readonly first: number; readonly cells: number }
): Span {
  return {
    start: Math.floor((start - first) / cells + 1e-6),
    end: Math.ceil((end - first) / cells - 1e-6)
  }
}

/**
 * The lowest and highest value of the cells of a pattern that hold one, but for queries that see one key alone: its
 * weight is always 1.
 * @param values [query, key], of `size` each, which may stand for more tokens
 * @param firstHidden whether the first key is left out
 */
export function extent(
  values: Float32Array,
  size: number,
  tokens: number,
  visibility: Visibility | null,
  firstHidden = false
): ValueRange {
  const all = { from: 0, to: size }
  return orUnit(extentOfRows(values, size, tokens, visibility, firstHidden, all))
}

/** The same of some rows; from infinity to minus infinity where none of their cells counts. */
export function extentOfRows(
  values: Float32Array,
  size: number,
  tokens: number,
  visibility: Visibility | null,
  firstHidden: boolean,
  { from, to }: { readonly from: number; readonly to: number }
): ValueRange {
  let low = Infinity
  let high = -Infinity
  const cells = tokens / size
  for (let row = from; row < to; row++) {
    const only = keySpan(visibility, row * cells, row * cells + 1, tokens, firstHidden)
    if (only.end - only.start <= 1) continue
    const span = keySpan(visibility, row * cells, (row + 1) * cells, tokens, firstHidden)
    const { start, end } = wholeColumns(span, { first: 0, cells })
    for (let cell = row * size + start; cell < row * size + Math.min(size, end); cell++) {
      const value = values[cell]!
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return { low, high }
}

/** A range; from 0 to 1 where there is none. */
export function orUnit({ low, high }: ValueRange): ValueRange {
  return low <= high ? { low, high } : { low: 0, high: 1 }
}

/** From the lowest of some ranges to the highest. */
export function spanning(ranges: readonly ValueRange[]): ValueRange {
  return {
    low: Math.min(...ranges.map(({ low }) => low)),
    high: Math.max(...ranges.map(({ high }) => high))
  }
}

/**
 * The range whose colours tell most of values: from zero to the highest; of differences, as far below zero as above,
 * also where none is below.
 * @param own the lowest and the highest value
 */
export function rangeOf({ low, high }: ValueRange, quantity: Quantity): ValueRange {
  return rangeTo(Math.max(Math.abs(low), Math.abs(high)) || 1, quantity)
}

/** The range of a quantity that goes as far as `most`. */
export function rangeTo(most: number, quantity: Quantity): ValueRange {
  return { low: quantity === 'difference' ? -most : 0, high: most }
}
