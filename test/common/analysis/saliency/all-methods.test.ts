import { expect, it } from 'vitest'
import { allMethods } from '#common/analysis/saliency/all-methods.ts'
import { axis, type Dataset, dataset, variable } from '#common/data/dataset.ts'

const of = (name: string, values: readonly number[], params?: Dataset['attributes']) =>
  dataset(
    { pos: axis(3) },
    { [name]: { axes: ['pos'], unit: '', about: '', data: Float64Array.from(values) } },
    params && { params }
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

it('says the params of the one call that gives all of them, and which are not among them', () => {
  const asked = (own: Dataset['attributes']) => ({
    ...{ of: 'loss', masked: null, steps: 0, samples: 0, noise: 0.1, inside: false },
    ...{ occlusion: false, leave_one_out: false, ...own }
  })
  const path = of('ig', [1, 2, 3], asked({ steps: 64, rule: 'left', baseline: 'mean' }))
  const noise = of('smooth_saliency', [1, 2, 3], asked({ samples: 8, noise: 0.2, seed: 3 }))
  const { params, not_computed: left } = allMethods([path, noise]).attributes
  expect(params).toEqual({
    ...{ of: 'loss', masked: null, inside: false, occlusion: false, leave_one_out: false },
    ...{ steps: 64, rule: 'left', baseline: 'mean', samples: 8, noise: 0.2, seed: 3 }
  })
  expect(left).toEqual(
    ['gradient norm', 'gradient × input', 'occlusion', 'leave one out'].map(
      name => `${name}, as this was saved`
    )
  )
  const erased = of('occlusion', [1, 2, 3], asked({ occlusion: true, leave_one_out: true }))
  const both = {
    ...erased,
    variables: { ...erased.variables, ...of('leave_one_out', [1, 2, 3]).variables }
  }
  expect(allMethods([noise, both, path]).attributes['params']).toMatchObject({
    ...{ steps: 64, samples: 8, occlusion: true, leave_one_out: true }
  })
})
