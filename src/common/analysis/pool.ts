import type { Tensor } from '../model/tensor.ts'

/** What stands for several cells: the highest of them, or their mean. */
export const poolings = ['maximum', 'mean'] as const
export type Pooling = (typeof poolings)[number]

/**
 * Mean or maximum over cells, so that a matrix fits into `size` × `size`; the matrix itself when it fits already.
 * The last cell of an axis may stand for fewer entries than the others.
 * @param matrices [head, query, key], none below zero
 * @returns [head, row, column]
 */
export function pooled(matrices: Tensor, size: number, pooling: Pooling): Tensor {
  const [heads = 0, queries = 0, keys = 0] = matrices.shape
  const step = Math.ceil(Math.max(queries, keys) / size)
  if (step <= 1) return matrices
  const rows = Math.ceil(queries / step)
  const columns = Math.ceil(keys / step)
  const data = new Float32Array(heads * rows * columns)
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < queries; query++) {
      const from = (head * queries + query) * keys
      const to = (head * rows + Math.floor(query / step)) * columns
      const rowCount = Math.min(step, queries - Math.floor(query / step) * step)
      for (let column = 0; column < columns; column++) {
        const end = Math.min((column + 1) * step, keys)
        let sum = 0
        let most = 0
        for (let key = column * step; key < end; key++) {
          const value = matrices.data[from + key]!
          sum += value
          if (value > most) most = value
        }
        if (pooling === 'maximum') data[to + column] = Math.max(data[to + column]!, most)
        else data[to + column]! += sum / (rowCount * (end - column * step))
      }
    }
  }
  return { shape: [heads, rows, columns], data }
}
