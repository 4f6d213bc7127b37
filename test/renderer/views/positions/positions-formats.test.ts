import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { withSinusoidal } from '../../../../src/renderer/src/views/positions/positions-formats.ts'
import { listedDimensions } from '../../../../src/renderer/src/views/positions/positions-options.ts'

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
