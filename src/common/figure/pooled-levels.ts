import type { Pooling } from '../analysis/pool.ts'

/** A square matrix in which so many cells along each axis are one: [row, column]. */
export type PooledLevels = (cells: number) => Float32Array

/**
 * A matrix at lower resolutions: what stands for many cells need not be looked for among all of them each time. Each
 * is made when it is first asked for, of the matrix itself; cells at the end stand for those that there are.
 * @param values [row, column], `size` along each axis
 */
export function pooledLevels(values: Float32Array, size: number, pooling: Pooling): PooledLevels {
  const levels = new Map<number, Float32Array>([[1, values]])
  const pooled = pooling === 'mean' ? means : extremes
  return cells => {
    const level = levels.get(cells) ?? pooled(values, size, cells)
    levels.set(cells, level)
    return level
  }
}

function means(values: Float32Array, size: number, cells: number): Float32Array {
  const side = Math.ceil(size / cells)
  const sums = new Float64Array(side)
  const result = new Float32Array(side * side)
  for (let out = 0; out < side; out++) {
    const end = Math.min(size, (out + 1) * cells)
    sums.fill(0)
    for (let row = out * cells; row < end; row++)
      for (let column = 0, at = row * size; column < size; column++, at++)
        sums[Math.floor(column / cells)]! += values[at]!
    for (let column = 0; column < side; column++) {
      const width = Math.min(size, (column + 1) * cells) - column * cells
      result[out * side + column] = sums[column]! / (width * (end - out * cells))
    }
  }
  return result
}

/** Of each cells the value furthest from zero. */
function extremes(values: Float32Array, size: number, cells: number): Float32Array {
  const side = Math.ceil(size / cells)
  const result = new Float32Array(side * side)
  for (let row = 0; row < size; row++) {
    const from = Math.floor(row / cells) * side
    for (let column = 0, at = row * size; column < size; column++, at++) {
      const to = from + Math.floor(column / cells)
      if (Math.abs(values[at]!) > Math.abs(result[to]!)) result[to] = values[at]!
    }
  }
  return result
}
