import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { positionsFormats } from '../../../../src/renderer/src/views/positions/positions-formats.ts'
import { listedDimensions } from '../../../../src/renderer/src/views/positions/positions-options.ts'
import { model } from '../../fake-client.ts'

it('names dimensions by a list, those alone that there are', () => {
  expect(listedDimensions('3, 5;3 900', 64)).toEqual([3, 5])
  expect(listedDimensions('1 2 3 4 5 6 7', 64)).toEqual([1, 2, 3, 4, 5])
  expect(listedDimensions('none', 64)).toEqual([])
})

it('names of each side the model that it is of', () => {
  const of = (name: string) => ({
    model: model(name),
    ...{ asked: { table: null, layer: null, length: 1 }, params: {} },
    result: dataset(
      { position: axis(1), dimension: axis(1) },
      {
        matrix: {
          ...{ axes: ['position', 'dimension'], data: Float64Array.of(1), unit: '', about: '' }
        },
        adjacent: { axes: ['position'], data: Float64Array.of(NaN), unit: '', about: '' }
      }
    )
  })
  const whole = {
    ...{ modelName: 'now', own: of('now'), beside: of('before'), form: 'matrix' as const },
    ...{ dimensions: [], trained: null, reach: 1 }
  }
  const saved = positionsFormats(whole, plainLook, '1.0.0')
  const figures = saved.filter(format => format.is === 'figure')
  const ofModel = (model: string) => ({ from: { of: { model } } })
  expect(figures).toMatchObject([ofModel('now'), ofModel('before')])
})
