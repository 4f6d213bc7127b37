import { expect, it } from 'vitest'
import { expertsAt } from '#common/analysis/experts-at.ts'
import { axis, dataset } from '#common/data/dataset.ts'

it('are all that take part at a token, each with its weight', () => {
  const result = dataset(
    { layer: axis(['0', '2']), pos: axis(2), expert: axis(3), rank: axis(2) },
    {
      chosen: {
        ...{ axes: ['layer', 'pos', 'rank'], unit: '', about: '' },
        data: Int32Array.of(0, 1, 1, 2, 2, 0, 1, 2)
      },
      weight: {
        ...{ axes: ['layer', 'pos', 'expert'], unit: '', about: '' },
        data: Float32Array.of(0.75, 0.25, 0, 0, 0.5, 0.5, 0.25, 0, 0.75, 0, 0.625, 0.375)
      }
    }
  )
  expect(expertsAt(result, 0, 0)).toEqual([
    { expert: 0, weight: 0.75 },
    { expert: 1, weight: 0.25 }
  ])
  expect(expertsAt(result, 1, 1)).toEqual([
    { expert: 1, weight: 0.625 },
    { expert: 2, weight: 0.375 }
  ])
})
