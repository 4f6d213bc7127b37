import type { Tensor } from '../model/tensor.ts'

/**
 * Mean over cells, so that a matrix fits into `size` × `size`; the matrix itself when it fits already.
 * The last cell of an axis may stand for fewer entries than the others.
 * @param matrices [head, query, key]
 * @returns [head, row, column]
 */
export function meanPooled(matrices: Tensor, size: number): Tensor {
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
        for (let key = column * step; key < end; key++) sum += matrices.data[from + key]!
        data[to + column]! += sum / (rowCount * (end - column * step))
      }
    }
  }
  return { shape: [heads, rows, columns], data }
}
