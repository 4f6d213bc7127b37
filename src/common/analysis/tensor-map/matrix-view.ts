import type { TensorPart } from '../analysis.ts'
import type { Stretch } from './pooled-part.ts'

/** A tensor as rows and columns: the last axis is across, all others are down; one axis alone is a row. */
export function matrixOf(shape: readonly number[]): { rows: number; columns: number } {
  return {
    rows: shape.slice(0, -1).reduce((product, length) => product * length, 1),
    columns: shape.at(-1) ?? 1
  }
}

/**
 * Which part of a tensor holds some of its rows and columns, as `matrixOf` counts them.
 * @returns and how many rows that part begins before the first
 */
export function partOf(
  tensor: string,
  shape: readonly number[],
  rows: Stretch,
  columns: Stretch
): { readonly part: TensorPart; readonly before: number } {
  const across = shape.length === 0 ? [] : [[columns.from, columns.to] as const]
  if (shape.length < 3) {
    const down = shape.length < 2 ? [] : [[rows.from, rows.to] as const]
    return { part: { tensor, range: [...down, ...across] }, before: 0 }
  }
  // Of more axes as much of the first as has these rows.
  const inner = shape.slice(1, -1)
  const each = inner.reduce((product, length) => product * length, 1)
  const from = Math.floor(rows.from / each)
  const whole = inner.map(length => [0, length] as const)
  const range = [[from, Math.ceil(rows.to / each)] as const, ...whole, ...across]
  return { part: { tensor, range }, before: rows.from - from * each }
}
