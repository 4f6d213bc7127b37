import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import {
  layerSlots,
  layersPlot,
  layerStatistics,
  layerValues
} from '#common/figure/views/weights-by-layer.ts'

const statistic = (name: string) => layerStatistics.find(own => own.name === name)!
const column = (...data: number[]) => ({
  ...{ axes: ['tensor'], unit: '', about: '' },
  data: Float64Array.from(data)
})
/** Two heads of layers 0 and 2, and a tensor of none. */
const result = dataset(
  { tensor: axis(['W 2.1', 'W 0.0', 'W 0.1', 'W 2.0', 'wte']), quartile: axis(5) },
  {
    layer: column(2, 0, 0, 2, NaN),
    head: column(1, 0, 1, 0, NaN),
    std: column(8, 1, 3, 4, 99),
    variance_rows: {
      ...{ axes: ['tensor', 'quartile'], unit: '', about: '' },
      data: Float64Array.from({ length: 25 }, (_, i) => i)
    }
  }
)

it('has the numbers of layers in order, and none of what is of no layer', () => {
  expect(layerValues(result, statistic('std'))).toEqual([
    { tensor: 'W 0.0', layer: 0, head: 0, value: 1, spread: null },
    { tensor: 'W 0.1', layer: 0, head: 1, value: 3, spread: null },
    { tensor: 'W 2.0', layer: 2, head: 0, value: 4, spread: null },
    { tensor: 'W 2.1', layer: 2, head: 1, value: 8, spread: null }
  ])
})

it('has of quartiles the median, and the others around it', () => {
  const [first] = layerValues(result, statistic('variance_rows'))
  expect(first).toMatchObject({ tensor: 'W 0.0', value: 7, spread: [5, 6, 8, 9] })
})

it('draws each head, and the mean of a layer’s as a line', () => {
  const { series, y } = layersPlot(layerValues(result, statistic('std')), statistic('std'), null)
  expect(y.name).toBe('standard deviation')
  expect(series.map(({ name, x, y }) => [name, [...x], [...y]])).toEqual([
    ['each head', [0, 0, 2, 2], [1, 3, 4, 8]],
    ['mean of heads', [0, 2], [2, 6]]
  ])
})

it('leaves a gap where a number is not defined', () => {
  const values = layerValues(result, statistic('std')).filter(({ head }) => head === 0)
  const [line] = layersPlot(
    [{ ...values[0]!, value: NaN }, values[1]!],
    statistic('std'),
    null
  ).series
  expect([...line!.y]).toEqual([NaN, 4])
})

it('draws a box for each head, those of a layer beside each other', () => {
  const values = layerValues(result, statistic('variance_rows'))
  const { series } = layersPlot(values, statistic('variance_rows'), null)
  expect(series).toHaveLength(1)
  const [{ shape, name, x, y, spread, width }] = series as [(typeof series)[0]]
  expect([shape, name]).toEqual(['boxes', 'each head: median, quartiles, smallest and largest'])
  expect([...x]).toEqual([-0.2, 0.2, 1.8, 2.2].map(at => expect.closeTo(at, 9) as number))
  expect(width).toBeCloseTo(0.28, 9)
  expect([...y]).toEqual([7, 12, 17, 2])
  expect([...spread!.min]).toEqual([5, 10, 15, 0])
  expect([...spread!.q1]).toEqual([6, 11, 16, 1])
  expect([...spread!.q3]).toEqual([8, 13, 18, 3])
  expect([...spread!.max]).toEqual([9, 14, 19, 4])
})

it('has one box in the middle of a layer of one tensor', () => {
  const values = layerValues(result, statistic('variance_rows')).filter(({ head }) => head === 0)
  expect(layerSlots(values)).toEqual([
    { at: 0, width: 0.4 },
    { at: 2, width: 0.4 }
  ])
  expect(layersPlot(values, statistic('variance_rows'), null).series[0]!.name).toBe(
    'median, quartiles, smallest and largest'
  )
})
