/** Rows and columns as a tensor has them. */
export interface Whole {
  readonly rows: number
  readonly columns: number
}

/** From the first, before the last. */
export type Extent = readonly [from: number, to: number]

/** A part of a tensor's rows and columns. */
export interface Region {
  readonly rows: Extent
  readonly columns: Extent
}

/** More are not told apart side by side. */
export const mostRegions = 6

export function wholeRegion({ rows, columns }: Whole): Region {
  return { rows: [0, rows], columns: [0, columns] }
}

export function isWhole({ rows, columns }: Region, whole: Whole): boolean {
  return lengthOf(rows) === whole.rows && lengthOf(columns) === whole.columns
}

export function lengthOf([from, to]: Extent): number {
  return to - from
}
