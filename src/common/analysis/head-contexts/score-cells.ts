import { generator } from '../generator.ts'

/** Cells that scores are counted in. */
export const cellCount = 512

/** Scores that lie close together: how many there are, and some that were drawn from them with what stands around. */
export interface ScoreCell<T> {
  count: number
  /** The lowest and the highest; NaN of none. */
  low: number
  high: number
  /** The earliest in the order that was drawn. */
  readonly kept: Drawn<T>[]
}

/** One of many, with its place in an order that is drawn by chance. */
export interface Drawn<T> {
  readonly order: number
  readonly score: number
  readonly item: T
}

export function scoreCells<T>(): ScoreCell<T>[] {
  return Array.from({ length: cellCount }, () => ({ count: 0, low: NaN, high: NaN, kept: [] }))
}

/**
 * Counts a score in its cell, and keeps it with others while it is among the first `most` in their order.
 * @param place from 0 to 1
 * @param item made only where it is kept
 */
export function addScore<T>(
  cells: readonly ScoreCell<T>[],
  {
    place,
    score,
    order
  }: { readonly place: number; readonly score: number; readonly order: number },
  most: number,
  item: () => T
): void {
  const cell = cells[Math.min(cellCount - 1, Math.floor(place * cellCount))]!
  cell.count++
  cell.low = Number.isNaN(cell.low) ? score : Math.min(cell.low, score)
  cell.high = Number.isNaN(cell.high) ? score : Math.max(cell.high, score)
  const { kept } = cell
  if (kept.length === most && order >= kept.at(-1)!.order) return
  // Of equal ones the earlier stays ahead.
  const at = kept.findIndex(other => order < other.order)
  kept.splice(at < 0 ? kept.length : at, 0, { order, score, item: item() })
  kept.length = Math.min(kept.length, most)
}

/** The place of a query in an order that is drawn by chance: the same wherever reading began or went on. */
export function drawnOrder(seed: number, window: number, query: number): number {
  return drawn(drawn(drawn(seed) + window) + query)
}

function drawn(seed: number): number {
  return generator(seed)() * 2 ** 32
}
