import { dataset, variable, type Dataset } from '#common/data/dataset.ts'
import type { ScoreRowData } from '#common/figure/score-row.ts'
import type { VectorProductData } from '#common/figure/vector-product.ts'
import type { QueryRow } from './use-query-row.ts'

/** How dimensions are ordered. */
export const orders = ['dimension', 'size'] as const
export type Order = (typeof orders)[number]

/** The vectors of a cell, as a figure has them. */
export function productData(
  result: Dataset,
  key: number,
  order: Order
): Omit<VectorProductData, 'title' | 'marked'> {
  const { variables } = cellDimensions(result, key)
  const [q, k, product] = ['q', 'k', 'product'].map(name => [...variables[name]!.data])
  const dimensions = product!.map((_, dim) => dim)
  const isBySize = order === 'size'
  return {
    q: q!,
    k: k!,
    order: isBySize
      ? dimensions.toSorted((a, b) => Math.abs(product![b]!) - Math.abs(product![a]!) || a - b)
      : dimensions,
    axis: isBySize ? 'dimension of the head, largest product first' : 'dimension of the head'
  }
}

/** The scores and weights of a row, as a figure has them. */
export function scoresData({
  result,
  tokens
}: Pick<QueryRow, 'result' | 'tokens'>): Pick<
  ScoreRowData,
  'tokens' | 'scores' | 'weights' | 'logsumexp'
> {
  return {
    tokens,
    scores: [...variable(result, 'score').data],
    weights: [...variable(result, 'weight').data],
    logsumexp: variable(result, 'logsumexp').data[0]!
  }
}

/** Of one key the vectors and their products. */
export function cellDimensions({ axes, variables, attributes }: Dataset, key: number): Dataset {
  const width = axes['dim']!.length
  const { q, k, product } = variables
  const own = (of: typeof k) => ({
    ...of!,
    axes: ['dim'],
    data: of!.data.slice(key * width, (key + 1) * width)
  })
  return dataset({ dim: axes['dim']! }, { q: q!, k: own(k), product: own(product) }, attributes)
}
