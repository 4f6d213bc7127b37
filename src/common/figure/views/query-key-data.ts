import { dataset, variable, type Dataset } from '../../data/dataset.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import type { ScoreRowData } from '../score-row.ts'
import type { ValueRange } from '../value-scale.ts'
import type { VectorProductData } from '../vector-product.ts'

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
}: {
  /** What the analysis `query-key` gives. */
  readonly result: Dataset
  readonly tokens: readonly WrittenToken[]
}): Pick<ScoreRowData, 'tokens' | 'scores' | 'weights' | 'logsumexp'> {
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

/** What the rows of both figures span; depth is how far scores are below their logsumexp. */
export function figureExtents(
  { q, k, order }: Omit<VectorProductData, 'title' | 'marked'>,
  { scores, weights, logsumexp }: Pick<ScoreRowData, 'scores' | 'weights' | 'logsumexp'>
): Record<keyof NonNullable<VectorProductData['spans']> | 'depth' | 'weight', ValueRange> {
  const products = order.map(dim => q[dim]! * k[dim]!)
  let sum = 0
  const sums = products.map(product => (sum += product))
  const around = (values: readonly number[]): ValueRange => ({
    low: Math.min(0, ...values),
    high: Math.max(0, ...values)
  })
  const seen = scores.filter(score => score > -Infinity)
  return {
    q: around(q),
    k: around(k),
    products: around(products),
    sums: around(sums),
    depth: around(seen.map(score => logsumexp - score)),
    weight: around(weights)
  }
}

/** The key that a query attends to most. */
export function strongestKey({ result }: { readonly result: Dataset }): number {
  const { data } = variable(result, 'weight')
  return data.indexOf(Math.max(...data))
}
