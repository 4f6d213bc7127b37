import { expect, it } from 'vitest'
import { allMethods } from '#common/analysis/saliency/all-methods.ts'
import { axis, dataset, variable } from '#common/data/dataset.ts'

const of = (name: string, values: readonly number[]) =>
  dataset(
    { pos: axis(3) },
    { [name]: { axes: ['pos'], unit: '', about: '', data: Float64Array.from(values) } }
  )

it('sets the methods of several calls side by side, in their order, by the magnitudes that they give', () => {
  const all = allMethods([
    of('grad_x_input', [1, -3, 2]),
    of('occlusion', [-3, 1, -2]),
    of('saliency', [1, 3, 2])
  ])
  expect(all.axes['method']?.labels).toEqual(['saliency', 'grad_x_input', 'occlusion'])
  expect([...variable(all, 'rank_correlation').data]).toEqual([1, 1, -1, 1, 1, -1, -1, -1, 1])
  expect([...variable(all, 'occlusion').data]).toEqual([-3, 1, -2])
})
