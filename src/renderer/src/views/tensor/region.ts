import { numberSize } from '#common/figure/weight-map.ts'

/** Rows and columns as a tensor has them. */
export interface Whole {
  readonly rows: number
  readonly columns: number
}

/** From the first, before the last. */
export type Stretch = readonly [from: number, to: number]

/** A part of a tensor's rows and columns. */
export interface Region {
  readonly rows: Stretch
  readonly columns: Stretch
}

/** One number of a tensor. */
export interface Place {
  readonly row: number
  readonly column: number
}

/** Room for numbers, in CSS pixels. */
interface Room {
  readonly width: number
  readonly height: number
}

/** Numbers are never larger than this, in CSS pixels. */
const largest = 64

export function wholeRegion({ rows, columns }: Whole): Region {
  return { rows: [0, rows], columns: [0, columns] }
}

export function isWhole({ rows, columns }: Region, whole: Whole): boolean {
  return lengthOf(rows) === whole.rows && lengthOf(columns) === whole.columns
}

/**
 * A part that shows numbers larger or smaller by a factor. The side whose numbers are smaller leads: a long tensor is first
 * zoomed along its length, until its numbers are square.
 * @param at where it stays in place, as shares of the part
 */
export function zoomed(
  region: Region,
  whole: Whole,
  room: Room,
  factor: number,
  at: { readonly x: number; readonly y: number }
): Region {
  const now = numberSize(lengthOf(region.rows), lengthOf(region.columns), room)
  const wanted = Math.min(largest, Math.min(now.row, now.column) * factor)
  const along = (stretch: Stretch, all: number, pixels: number, share: number): Stretch => {
    const size = Math.max(wanted, Math.min(largest, pixels / all))
    const exact = pixels / size
    const length = lengthOf(stretch)
    // At least one more or less, but where it is at its end already.
    const next =
      factor > 1 ? Math.min(length, Math.floor(exact)) : Math.max(length, Math.ceil(exact))
    return aroundShare(stretch, Math.max(1, Math.min(all, next)), all, share)
  }
  return {
    rows: along(region.rows, whole.rows, room.height, at.y),
    columns: along(region.columns, whole.columns, room.width, at.x)
  }
}

/** The same numbers of rows and columns, some further on. */
export function moved(region: Region, whole: Whole, rows: number, columns: number): Region {
  return {
    rows: within(region.rows[0] + rows, lengthOf(region.rows), whole.rows),
    columns: within(region.columns[0] + columns, lengthOf(region.columns), whole.columns)
  }
}

/** Moved no further than needed to show one number. */
export function revealing(region: Region, whole: Whole, row: number, column: number): Region {
  const along = ([from, to]: Stretch, at: number) =>
    at < from ? at - from : Math.max(0, at + 1 - to)
  return moved(region, whole, along(region.rows, row), along(region.columns, column))
}

/** A part of so many rows and columns around one number. */
export function around(whole: Whole, row: number, column: number, most: number): Region {
  const along = (at: number, all: number) => {
    const length = Math.min(most, all)
    return within(Math.round(at - length / 2), length, all)
  }
  return { rows: along(row, whole.rows), columns: along(column, whole.columns) }
}

export function lengthOf([from, to]: Stretch): number {
  return to - from
}

function aroundShare([from, to]: Stretch, length: number, all: number, share: number): Stretch {
  return within(Math.round(from + share * (to - from - length)), length, all)
}

function within(from: number, length: number, all: number): Stretch {
  const first = Math.max(0, Math.min(all - length, from))
  return [first, first + length]
}
