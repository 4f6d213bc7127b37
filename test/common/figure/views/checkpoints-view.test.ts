import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import {
  changeByLayer,
  changeSpectrum,
  checkpointsFigure
} from '#common/figure/views/checkpoints-view.ts'

const own = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(data)
})
const result = dataset(
  { tensor: axis(['h.0.a', 'h.0.b', 'h.0.c', 'h.1.a', 'h.1.b', 'h.1.c', 'wte']), value: axis(3) },
  {
    layer: own(['tensor'], 0, 0, 0, 1, 1, 1, NaN),
    relative: own(['tensor'], 0.1, 0, 0.3, 0.2, 0, NaN, 9),
    cosine: own(['tensor'], 0.9, 1, 0.7, 0.8, 1, NaN, 0),
    singular_values: own(['tensor', 'value'], 3, 2, 0, ...Array<number>(18).fill(NaN))
  }
)

it('follows what changed most through the layers, over the others', () => {
  const { series } = changeByLayer(result, { name: 'relative', words: 'change' }, null)!
  expect(series.map(({ name, x, y }) => [name, [...x], [...y]])).toEqual([
    ['1 other', [0, 1], [0, 0]],
    ['c', [0, 1], [0.3, NaN]],
    ['a', [0, 1], [0.1, 0.2]]
  ])
})

it('takes the smallest cosines for the largest changes', () => {
  const { series } = changeByLayer(result, { name: 'cosine', words: 'cosine' }, null)!
  expect(series.map(({ name }) => name)).toEqual(['1 other', 'c', 'a'])
})

it('names none where nothing changed', () => {
  for (const [name, same] of [
    ['relative', 0],
    ['cosine', 1]
  ] as const) {
    const unchanged = dataset(
      { tensor: axis(['h.0.a', 'h.0.b', 'h.1.a', 'h.1.b']) },
      { layer: own(['tensor'], 0, 0, 1, 1), [name]: own(['tensor'], same, same, same, same) }
    )
    const { series } = changeByLayer(unchanged, { name, words: 'change' }, null)!
    expect(series.map(({ name }) => name)).toEqual(['2 tensors', null])
  }
})

it('has the singular values of a change, and none of what is no matrix', () => {
  expect([...changeSpectrum(result, 'h.0.a', null)!.series[0]!.y]).toEqual([3, 2, 0])
  expect(changeSpectrum(result, 'wte', null)).toBeNull()
})

it.each([
  ['layers', 'cosine'],
  ['spectrum', 'singular_values']
] as const)('says what of the numbers is drawn of %s', (form, drawn) => {
  const [before, after] = ['a', 'b'].map(name => ({ name, fingerprint: 'f' }) as ModelInfo)
  const params = { form, statistic: 'cosine', tensor: 'h.0.a' } as const
  const { variables } = checkpointsFigure([before!, after!], result, params, '1')!.dataset()
  expect(Object.keys(variables).filter(name => variables[name]!.drawn)).toEqual([drawn])
})
