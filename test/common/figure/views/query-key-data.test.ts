import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cellDimensions, productData } from '#common/figure/views/query-key-data.ts'

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
