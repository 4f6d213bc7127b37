import type { MatrixWindow } from './area-mean.ts'

/**
 * A window of a matrix at another resolution: each value is that of the cells it touches which is furthest from zero.
 * @param values [row, column], of `columns` columns
 * @returns [outRow, outColumn]
 */
export function areaExtreme(
  values: Float32Array,
  columns: number,
  window: MatrixWindow,
  outRows: number,
  outColumns: number
): Float32Array {
  const rows = values.length / columns
  const across = touched(window.column, window.columns, outColumns, columns)
  const down = touched(window.row, window.rows, outRows, rows)
  const result = new Float32Array(outRows * outColumns)
  for (let outRow = 0; outRow < outRows; outRow++)
    for (let row = down.first[outRow]!; row <= down.last[outRow]!; row++)
      for (let outColumn = 0; outColumn < outColumns; outColumn++) {
        const at = outRow * outColumns + outColumn
        const last = row * columns + across.last[outColumn]!
        for (let cell = row * columns + across.first[outColumn]!; cell <= last; cell++)
          if (Math.abs(values[cell]!) > Math.abs(result[at]!)) result[at] = values[cell]!
      }
  return result
}

/** For each output step, the first and the last cell that it touches. */
function touched(origin: number, length: number, steps: number, cells: number) {
  const step = length / steps
  const first = new Int32Array(steps)
  const last = new Int32Array(steps)
  for (let i = 0; i < steps; i++) {
    first[i] = Math.min(cells - 1, Math.max(0, Math.floor(origin + i * step + 1e-6)))
    const end = Math.ceil(origin + (i + 1) * step - 1e-6) - 1
    last[i] = Math.min(cells - 1, Math.max(first[i]!, end))
  }
  return { first, last }
}
