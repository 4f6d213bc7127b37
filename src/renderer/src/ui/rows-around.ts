/** Rows, or columns, that are shown before and after one. */
const around = 12

/** One of many rows with its neighbours: the first and the one after the last. */
export function rowsAround(at: number, length = Infinity): [number, number] {
  return [Math.max(0, at - around), Math.min(length, at + around + 1)]
}
