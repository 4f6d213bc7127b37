/** Each row divided by its L2 norm; a row of zeros stays. */
export function normalisedRows(data: Float64Array, width: number): Float64Array {
  return data.map((value, i) => {
    const start = i - (i % width)
    return value / (Math.hypot(...data.subarray(start, start + width)) || 1)
  })
}
