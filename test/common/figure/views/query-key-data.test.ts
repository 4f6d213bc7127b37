import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cellDimensions, figureExtents, productData } from '#common/figure/views/query-key-data.ts'

const of = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(data)
})
const result = dataset(
  { key: axis(2), dim: axis(3) },
  {
    q: of(['dim'], 1, -2, 3),
    k: of(['key', 'dim'], 9, 9, 9, 2, 4, -1),
    product: of(['key', 'dim'], 9, -18, 27, 2, -8, -3),
    weight: of(['key'], 0.25, 0.75)
  }
)

it('has the vectors of one key', () => {
  const { variables } = cellDimensions(result, 1)
  expect(Object.keys(variables)).toEqual(['q', 'k', 'product'])
  expect([...variables['k']!.data]).toEqual([2, 4, -1])
  expect([...variables['product']!.data]).toEqual([2, -8, -3])
})

it('orders dimensions as they are, or the largest product first', () => {
  expect(productData(result, 1, 'dimension').order).toEqual([0, 1, 2])
  expect(productData(result, 1, 'size')).toMatchObject({
    q: [1, -2, 3],
    k: [2, 4, -1],
    order: [1, 2, 0],
    axis: 'dimension of the head, largest product first'
  })
})

it('leaves equal products in their order, and spans from nothing to the furthest', () => {
  const data = productData(result, 0, 'size')
  expect(data.order).toEqual([2, 1, 0])
  const even = { ...result.variables, product: of(['key', 'dim'], 1, -1, 1, 2, -2, 3) }
  expect(productData({ ...result, variables: even }, 0, 'size').order).toEqual([0, 1, 2])
  const row = { scores: [1, -Infinity, 3], weights: [0.25, 0, 0.75], logsumexp: 3.5 }
  expect(figureExtents(data, row)).toEqual({
    q: { low: -2, high: 3 },
    k: { low: 0, high: 9 },
    products: { low: -18, high: 27 },
    sums: { low: 0, high: 27 },
    depth: { low: 0, high: 2.5 },
    weight: { low: 0, high: 0.75 }
  })
})
