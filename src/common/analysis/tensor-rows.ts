/** A number of each thing. */
export function column<T>(rows: readonly T[], of: (row: T) => number): Float64Array {
  return Float64Array.from(rows, of)
}

/** Some numbers of each thing, [row, width]: NaN where one has fewer, and those beyond left out. */
export function padded<T>(
  rows: readonly T[],
  width: number,
  of: (row: T) => Float64Array | readonly number[]
): Float64Array {
  const all = new Float64Array(rows.length * width).fill(NaN)
  rows.forEach((row, i) => all.set(of(row).slice(0, width), i * width))
  return all
}
