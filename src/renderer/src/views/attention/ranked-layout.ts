/** How heads stand in lines. */
export interface RankedLayout {
  readonly columns: number
  readonly rows: number
  /** CSS pixels along a map's side. */
  readonly cell: number
  readonly gap: number
  /** From one head to the next, in CSS pixels. */
  readonly step: { readonly width: number; readonly height: number }
}

const gap = 8
/** Room for name and number under a map, and between lines. */
const under = 24
/** A name and a number stand side by side. */
const smallest = 60
const largest = 138
/** What is left free at the edges. */
const margin = 20

/** As large as all of so many heads have room for; smaller than that they scroll. */
export function rankedLayout(heads: number, width: number, height: number): RankedLayout {
  const room = Math.max(smallest, width - margin)
  const most = Math.max(1, Math.floor((room + gap) / (smallest + gap)))
  for (let columns = 1; columns <= most; columns++) {
    const cell = Math.min(largest, Math.floor((room + gap) / columns) - gap)
    const rows = Math.ceil(heads / columns)
    if (rows * (cell + under) <= height - margin || columns === most)
      return { columns, rows, cell, gap, step: { width: cell + gap, height: cell + under } }
  }
  throw new RangeError(`${most}: expected a line at least`)
}
