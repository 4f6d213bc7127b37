/** Σ of each row. */
export function rowSums(values: ArrayLike<number>, rows: number): Float64Array {
  const width = values.length / rows
  const sums = new Float64Array(rows)
  for (let i = 0; i < values.length; i++) sums[Math.floor(i / width)]! += values[i]!
  return sums
}

/** L2 norm of each row. */
export function rowNorms(values: ArrayLike<number>, rows: number): Float64Array {
  return rowSums(
    Float64Array.from(values, own => own ** 2),
    rows
  ).map(Math.sqrt)
}
