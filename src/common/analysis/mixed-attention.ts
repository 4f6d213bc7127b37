import type { Tensor } from '../model/tensor.ts'

/**
 * What a layer makes each residual of: half of what its heads attend to on average, half of itself.
 * @param pattern [head, query, key]
 * @returns Â = (mean over heads + I), its rows divided by their sums: [query, key]
 * @source Abnar & Zuidema 2020, section 3, equation 1
 */
export function mixedAttention({ shape, data }: Tensor): Float64Array {
  const [heads = 0, size = 0] = shape
  const mixed = new Float64Array(size * size)
  data.forEach((weight, i) => (mixed[i % mixed.length]! += weight / heads))
  for (let query = 0; query < size; query++) {
    mixed[query * (size + 1)]! += 1
    const row = mixed.subarray(query * size, (query + 1) * size)
    const sum = row.reduce((sum, weight) => sum + weight, 0)
    row.forEach((weight, key) => (row[key] = weight / sum))
  }
  return mixed
}

/**
 * A layer's mixture of what the layers before it made: their product.
 * @param mixed [query, size]
 * @param before [size, key]
 * @returns [query, key]
 */
export function rolledOn(mixed: Float64Array, before: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let query = 0; query < size; query++) {
    const row = query * size
    for (let between = 0; between < size; between++) {
      const weight = mixed[row + between]!
      // What a query does not see, half of all in a decoder.
      if (weight === 0) continue
      const own = between * size
      for (let key = 0; key < size; key++) product[row + key]! += weight * before[own + key]!
    }
  }
  return product
}
