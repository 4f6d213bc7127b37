import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { panelsDataset } from '#common/figure/panels/panels-dataset.ts'

const own = (values: readonly number[]) =>
  dataset(
    { head: axis(values.length) },
    { score: { axes: ['head'], unit: 'bits', about: 'how much', data: Float64Array.from(values) } },
    { model: 'small' }
  )

it('holds the numbers of all panels, each under its letter', () => {
  const all = panelsDataset([own([1, 2]), null, own([3])])!
  expect(Object.keys(all.axes)).toEqual(['a.head', 'c.head'])
  expect(all.variables['c.score']).toEqual({
    ...{ axes: ['c.head'], unit: 'bits', about: 'how much', data: Float64Array.of(3) }
  })
  expect(all.attributes).toEqual({ a: { model: 'small' }, c: { model: 'small' } })
  expect(panelsDataset([null])).toBeNull()
})
