import { expect, it } from 'vitest'
import { axis, dataset, withDrawn } from '#common/data/dataset.ts'
import { tablePlan } from '#common/data/dataset-csv.ts'
import { panelsDataset, panelsWithout } from '#common/figure/panels/panels-dataset.ts'

const own = (values: readonly number[]) =>
  dataset(
    { head: axis(values.length) },
    { score: { axes: ['head'], unit: 'bits', about: 'how much', data: Float64Array.from(values) } },
    { model: 'small' }
  )

it('holds the numbers of all panels, each under its letter', () => {
  const [first, third] = [own([1, 2]), own([3])].map(numbers => ({ numbers, left: [] }))
  const all = panelsDataset([first!, null, third!], '(a)')!
  expect(Object.keys(all.axes)).toEqual(['a.head', 'c.head'])
  expect(all.variables['c.score']).toEqual({
    ...{ axes: ['c.head'], unit: 'bits', about: 'how much', data: Float64Array.of(3) }
  })
  expect(all.attributes).toEqual({
    ...{ a: { model: 'small' }, c: { model: 'small' } },
    without: ['all numbers of panel (b)']
  })
  expect(panelsDataset([null], '(a)')).toBeNull()
})

it('says which numbers of panels it has not', () => {
  const panels = [
    { numbers: own([1]), left: [] },
    { numbers: own([2]), left: ['x', 'grad'] },
    { numbers: null, left: ['weight'] }
  ]
  const without = ['x of panel (b)', 'grad of panel (b)', 'all numbers of panel (c)']
  expect(panelsWithout(panels, '(a)')).toEqual(without)
  expect(panelsDataset(panels, '(a)')!.attributes['without']).toEqual(without)
  // As the window calls them where they have no letter.
  expect(panelsWithout(panels, 'none').at(-1)).toBe('all numbers of panel 3')
  expect(panelsDataset(panels.slice(0, 1), '(a)')!.attributes).not.toHaveProperty('without')
})

it('is as a table what the first panel that has numbers draws', () => {
  const drawn = (values: readonly number[], names: readonly string[]) => {
    const { axes, variables, attributes } = own(values)
    const more = { ...variables['score']!, axes: ['head', 'other'] }
    const all = {
      axes: { ...axes, other: axis(1) },
      variables: { ...variables, more, beside: more }
    }
    return { numbers: withDrawn({ ...all, attributes }, names), left: [] }
  }
  const all = panelsDataset([null, drawn([1, 2], ['score']), drawn([3], ['more'])], '(a)')!
  expect(tablePlan(all)).toMatchObject({ axes: ['b.head'], variables: ['b.score'] })
})
