/** A part of a matrix, in cells; edges may lie inside a cell. */
export interface MatrixWindow {
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
}

/**
 * A window of a matrix at another resolution: each value is the mean of the cells it covers, weighted by
 * how much of each it covers.
 * @param values [row, column], of `columns` columns
 * @returns [outRow, outColumn]
 */
export function areaMean(
  values: Float32Array,
  columns: number,
  window: MatrixWindow,
  outRows: number,
  outColumns: number
): Float32Array {
  const across = coverage(window.column, window.columns, outColumns, columns)
  const down = coverage(window.row, window.rows, outRows, values.length / columns)
  const result = new Float32Array(outRows * outColumns)
  const line = new Float64Array(outColumns)
  let lineOf = -1
  for (let outRow = 0; outRow < outRows; outRow++) {
    const start = outRow * outColumns
    for (let row = down.first[outRow]!; row <= down.last[outRow]!; row++) {
      if (row !== lineOf) meanOfRow(values, row * columns, across, line)
      lineOf = row
      const weight = shareOf(down, outRow, row)
      for (let column = 0; column < outColumns; column++)
        result[start + column]! += line[column]! * weight
    }
  }
  return result
}

/** For each output step: the first and last cell it covers, and its edges. */
interface Coverage {
  readonly first: Int32Array
  readonly last: Int32Array
  readonly origin: number
  readonly step: number
}

function coverage(origin: number, length: number, steps: number, cells: number): Coverage {
  const step = length / steps
  const first = new Int32Array(steps)
  const last = new Int32Array(steps)
  for (let i = 0; i < steps; i++) {
    first[i] = Math.min(cells - 1, Math.max(0, Math.floor(origin + i * step + 1e-6)))
    last[i] = Math.min(
      cells - 1,
      Math.max(first[i]!, Math.ceil(origin + (i + 1) * step - 1e-6) - 1)
    )
  }
  return { first, last, origin, step }
}

function shareOf({ first, last, origin, step }: Coverage, index: number, cell: number): number {
  if (first[index] === last[index]) return 1
  const from = Math.max(cell, origin + index * step)
  const to = Math.min(cell + 1, origin + (index + 1) * step)
  return Math.max(0, to - from) / step
}

function meanOfRow(
  values: Float32Array,
  start: number,
  across: Coverage,
  line: Float64Array
): void {
  for (let column = 0; column < line.length; column++) {
    let sum = 0
    for (let cell = across.first[column]!; cell <= across.last[column]!; cell++)
      sum += values[start + cell]! * shareOf(across, column, cell)
    line[column] = sum
  }
}
