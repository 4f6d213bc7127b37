import {
  lengthOf,
  type Extent,
  type Region,
  type Whole
} from '#common/analysis/tensor-map/region.ts'
import { numberSize } from '#common/figure/weight-map.ts'

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
  const along = (extent: Extent, all: number, pixels: number, share: number): Extent => {
    const size = Math.max(wanted, Math.min(largest, pixels / all))
    const exact = pixels / size
    const length = lengthOf(extent)
    // At least one more or less, but where it is at its end already.
    const next =
      factor > 1 ? Math.min(length, Math.floor(exact)) : Math.max(length, Math.ceil(exact))
    return aroundShare(extent, Math.max(1, Math.min(all, next)), all, share)
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
  const along = ([from, to]: Extent, at: number) =>
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

function aroundShare([from, to]: Extent, length: number, all: number, share: number): Extent {
  return within(Math.round(from + share * (to - from - length)), length, all)
}

function within(from: number, length: number, all: number): Extent {
  const first = Math.max(0, Math.min(all - length, from))
  return [first, first + length]
}
