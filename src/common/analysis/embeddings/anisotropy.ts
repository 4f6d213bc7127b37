import type { Matrix } from './embedding-matrix.ts'
import { dot } from './vectors.ts'

/** Euclidean norms. @returns [row] */
export function rowNorms({ rows, width, data }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let square = 0
    for (let i = row * width; i < (row + 1) * width; i++) square += data[i]! * data[i]!
    return Math.sqrt(square)
  })
}

/**
 * The mean cosine over all pairs of different rows, rows of zeros left out; NaN of fewer than two.
 * @param norms [row]
 * @source Ethayarajh 2019, section 3.3, of all pairs in place of some
 */
export function anisotropy({ width, data }: Matrix, norms: Float64Array): number {
  const sum = new Float64Array(width)
  let n = 0
  for (const [row, norm] of norms.entries()) {
    if (norm === 0) continue
    n++
    for (let i = 0; i < width; i++) sum[i]! += data[row * width + i]! / norm
  }
  return (dot(sum, sum) - n) / (n * (n - 1))
}
