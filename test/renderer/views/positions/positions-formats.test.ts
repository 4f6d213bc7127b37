import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import {
  positionsFormats,
  withSinusoidal
} from '../../../../src/renderer/src/views/positions/positions-formats.ts'
import { listedDimensions } from '../../../../src/renderer/src/views/positions/positions-options.ts'
import { model } from '../../fake-client.ts'

it('saves sines and cosines beside a matrix under names of their own', () => {
  const of = (value: number) =>
    dataset(
      { position: axis(1), dimension: axis(1) },
      {
        matrix: {
          ...{ axes: ['position', 'dimension'], data: Float64Array.of(value), unit: '', about: '' }
        }
      }
    )
  const [own, sines] = [of(1), of(2)]
  const both = withSinusoidal(own, sines)
  expect(both.variables['sinusoidal.matrix']).toMatchObject({
    axes: ['sinusoidal_position', 'sinusoidal_dimension'],
    data: Float64Array.of(2)
  })
  expect(both.variables['matrix']).toBe(own.variables['matrix'])
})

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
