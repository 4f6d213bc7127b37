import { generator } from '#common/analysis/generator.ts'

/** Columns at right angles to each other and of length 1, [rows, columns], by chance; by Gram and Schmidt, twice. */
export function orthogonal(rows: number, columns: number, seed: number): Float64Array {
  const next = generator(seed)
  const found = Float64Array.from({ length: rows * columns }, () => next() - 0.5)
  const dot = (a: number, b: number) => {
    let sum = 0
    for (let row = 0; row < rows; row++)
      sum += found[row * columns + a]! * found[row * columns + b]!
    return sum
  }
  for (let column = 0; column < columns; column++) {
    for (const before of [...Array(column).keys(), ...Array(column).keys()]) {
      const along = dot(column, before)
      for (let row = 0; row < rows; row++)
        found[row * columns + column]! -= along * found[row * columns + before]!
    }
    const length = Math.sqrt(dot(column, column))
    for (let row = 0; row < rows; row++) found[row * columns + column]! /= length
  }
  return found
}

/** U · diag(values) · Vᵀ. @param u [rows, n] @param v [columns, n] @returns [rows, columns] */
export function scaledProduct(
  u: Float64Array,
  values: Float64Array,
  v: Float64Array
): Float64Array {
  const n = values.length
  const [rows, columns] = [u.length / n, v.length / n]
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    let sum = 0
    for (let k = 0; k < n; k++) sum += u[row * n + k]! * values[k]! * v[column * n + k]!
    return sum
  })
}
