import { quantileOf } from '../quantiles.ts'

/**
 * Where positions begin that nothing has trained. Those that were trained are like their neighbours; at the end there may be
 * some that are like none. Null where there are fewer than four such, and where positions are like none anyway.
 * @param data [row, column]
 */
export function firstUntrained(data: Float32Array, rows: number, columns: number): number | null {
  const cosines = Float64Array.from({ length: Math.max(0, rows - 1) }, (_, i) => {
    let [dot, one, other] = [0, 0, 0]
    for (let column = 0; column < columns; column++) {
      const [a, b] = [data[i * columns + column]!, data[(i + 1) * columns + column]!]
      dot += a * b
      one += a * a
      other += b * b
    }
    return one > 0 && other > 0 ? dot / Math.sqrt(one * other) : 0
  })
  const usual = quantileOf(cosines.slice().sort(), 0.9)
  if (!(usual >= 0.5)) return null
  const last = cosines.findLastIndex(cosine => cosine >= usual / 2)
  // The cosine at i is of the rows i and i + 1.
  const first = last + 2
  return rows - first >= 4 ? first : null
}
