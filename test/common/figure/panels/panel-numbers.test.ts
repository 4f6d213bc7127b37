import { expect, it } from 'vitest'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import { panelNumbers } from '#common/figure/panels/panel-numbers.ts'
import type { KeptDrawing } from '#common/figure/drawing.ts'

/** Bars of these. */
const bars = (values: readonly number[]): KeptDrawing => ({
  parts: [
    {
      kind: 'bar-chart',
      data: {
        title: null,
        bars: values.map((value, i) => ({ label: `part ${i}`, value, notes: [], color: 0 }))
      },
      look: {
        ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'mean' },
        range: { low: 0, high: 1 }
      },
      size: null
    }
  ],
  names: []
})
const plain = { unit: '', about: '' }
const along = (token: number, dim: number, drawn: Float32Array): Dataset =>
  dataset(
    { token: axis(token), dim: axis(dim), position: axis(3) },
    {
      grad: { ...plain, axes: ['token', 'dim'], data: new Float32Array(token * dim).fill(0.5) },
      drawn: { ...plain, axes: ['token'], data: drawn },
      ids: { ...plain, axes: ['position'], data: Int32Array.of(5, 17, 3) }
    },
    { model: 'small' }
  )

it('keeps what the figure is drawn of and what is small, and names what it leaves', () => {
  const values = [0.25, -1.5, 3.75, 0.125]
  const { numbers, left } = panelNumbers(bars(values), along(4, 4_097, Float32Array.from(values)))
  expect(left).toEqual(['grad'])
  expect(Object.keys(numbers!.variables).sort()).toEqual(['drawn', 'ids'])
  expect(Array.from(numbers!.variables['drawn']!.data)).toEqual(values)
  expect(Object.keys(numbers!.axes).sort()).toEqual(['position', 'token'])
  expect(numbers!.attributes).toEqual({ model: 'small' })
})
