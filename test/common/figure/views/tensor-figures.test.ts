import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import {
  componentsPlot,
  componentsSharePlot,
  spectrumPlot,
  weightRange
} from '#common/figure/views/tensor-figures.ts'

const own = (axes: string[], data: ArrayLike<number>) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(data)
})
function components(rows: number) {
  return dataset(
    { tensor: axis(['w']), component: axis(3), row: axis(rows), scored: axis(2) },
    {
      pca_ratio: own(['tensor', 'component'], [0.8, 0.12, 0.08]),
      pca_cumulative: own(['tensor', 'component'], [0.8, 0.92, 1]),
      pca_scores: own(
        ['tensor', 'row', 'scored'],
        Array.from({ length: 2 * rows }, (_, i) => i)
      )
    }
  )
}

it('places each row along the first two components, which say their shares', () => {
  const { x, y, series } = componentsPlot(components(3), null)
  expect([x.name, y.name]).toEqual(['first, 80.0 % of variance', 'second, 12.0 % of variance'])
  expect(series.map(({ name, x, y }) => [name, [...x], [...y]])).toEqual([
    [null, [0, 2, 4], [1, 3, 5]]
  ])
})

it('places some of many rows, evenly spaced, and says so', () => {
  const [dots] = componentsPlot(components(10_000), null).series
  expect(dots!.name).toBe('4,000 of 10,000 rows, evenly spaced')
  expect([...dots!.x.slice(0, 3)]).toEqual([0, 4, 10])
})

it('says by how many components nine tenths of the variance are explained', () => {
  expect(componentsSharePlot(components(3), null).lines).toEqual([
    { axis: 'x', at: 2, name: '90 % by 2' }
  ])
})

it('names the law of a spectrum at the last value of its tail', () => {
  const result = dataset(
    { tensor: axis(['w']), value: axis(4) },
    {
      singular_values: own(['tensor', 'value'], [5, 3, 2, 1]),
      ...{ bulk_upper: own(['tensor'], [4]), alpha: own(['tensor'], [3]) },
      xmin: own(['tensor'], [4])
    }
  )
  expect(spectrumPlot(result, null).lines).toEqual([
    { axis: 'y', at: 4, name: 'chance ends at 4.00' },
    { axis: 'x', at: 3, name: '← power law, α 3.00' }
  ])
})

it('has zero in the middle of the range of weights, of whatever numbers', () => {
  const of = (low: number, high: number) =>
    dataset({}, { low: own([], [low]), high: own([], [high]) })
  expect(weightRange([of(1, 3)])).toEqual({ low: -3, high: 3 })
  expect(weightRange([of(-5, 2), of(NaN, NaN), of(0, 4)])).toEqual({ low: -5, high: 5 })
  expect(weightRange([of(NaN, NaN)])).toEqual({ low: -1, high: 1 })
})
