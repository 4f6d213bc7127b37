/**
 * Which cells of an axis carry a label when there is no room for all: every 1st, 2nd, 5th, 10th, … so
 * that labels stay `spacing` pixels apart and stand at round positions however the axis is panned.
 * @returns cell indices between `first` and `last`, both inclusive
 */
export function labelledCells(
  first: number,
  last: number,
  cellPixels: number,
  spacing: number
): number[] {
  const step = labelStep(cellPixels, spacing)
  const cells: number[] = []
  for (let cell = Math.ceil(Math.max(0, first) / step) * step; cell <= last; cell += step)
    cells.push(cell)
  return cells
}

/** The smallest of 1, 2, 5, 10, 20, … cells that is at least `spacing` pixels wide. */
export function labelStep(cellPixels: number, spacing: number): number {
  if (!(cellPixels > 0)) return 1
  for (let power = 1; ; power *= 10)
    for (const digit of [1, 2, 5])
      if (digit * power * cellPixels >= spacing || power > 1e9) return digit * power
}
