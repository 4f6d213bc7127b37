import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { foundInData } from '#common/figure/notebook/found-in-data.ts'
import { numpyValue } from './numpy-expression.ts'

const of = (axes: string[], count: number, value: (i: number) => number) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from({ length: count }, (_, i) => value(i))
})
const root = (i: number) => Math.sqrt(i + 2)
const data = dataset(
  { layer: axis(2), head: axis(3), key: axis(4) },
  {
    score: of(['layer', 'head'], 6, i => Math.sin(i + 1)),
    baseline: of(['layer', 'head'], 6, i => Math.cos(i)),
    weight: of(['layer', 'head', 'key'], 24, root)
  }
)
const weight = (layer: number, head: number, key: number) => root(12 * layer + 4 * head + key)
const grid = (rows: number, columns: number, value: (row: number, column: number) => number) => ({
  values: Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns)), // prettier-ignore
  shape: [rows, columns]
})
const row = (...values: number[]) => ({ values, shape: [values.length] })
const sum = (layer: number, head: number) => [0, 1, 2, 3].reduce((all, key) => all + weight(layer, head, key), 0) // prettier-ignore

it('is no difference of numbers beside which it is nothing', () => {
  const counts = dataset(
    { tensor: axis(4) },
    {
      count: of(['tensor'], 4, () => 65_536),
      other: of(['tensor'], 4, i => 65_536 + 1000 * (i % 2))
    }
  )
  expect(foundInData(row(1e-4, 2e-4, -1e-4, 3e-4), counts)).toBeNull()
  expect(foundInData(row(0, 1000, 0, 1000), counts)).toMatchObject({ at: null })
})

describe('an array of a figure', () => {
  it.each([
    ['whole', grid(2, 3, (l, h) => Math.sin(3 * l + h + 1)), 'data["score"]'],
    ['turned', grid(3, 2, (h, l) => Math.sin(3 * l + h + 1)), 'data["score"].transpose(1, 0)'],
    ['at an index', row(...[0, 1, 2, 3].map(k => weight(1, 2, k))), 'data["weight"][1, 2]'],
    ['a part', row(weight(1, 2, 1), weight(1, 2, 2)), 'data["weight"][1, 2, 1:3]'],
    ['upside down', grid(2, 3, (l, h) => Math.sin(3 * (1 - l) + h + 1)), 'data["score"][::-1]'],
    ['two axes as one', grid(6, 4, (i, k) => root(4 * i + k)), 'data["weight"].reshape(6, 4)'],
    [
      'a difference of two',
      grid(2, 3, (l, h) => Math.sin(3 * l + h + 1) - Math.cos(3 * l + h)),
      'data["score"] - data["baseline"]'
    ],
    [
      'a difference of two indices',
      row(...[0, 1, 2, 3].map(k => weight(1, 0, k) - weight(0, 2, k))),
      'data["weight"][1, 0] - data["weight"][0, 2]'
    ],
    ['a sum', grid(2, 3, sum), 'data["weight"].sum((2,))'],
    [
      'rows of several',
      { values: [0, 1, 2, 0, 1, 2].map((h, i) => (i < 3 ? Math.sin(h + 1) : Math.cos(h + 3))), shape: [2, 3] }, // prettier-ignore
      'np.array([data["score"][0], data["baseline"][1]])'
    ],
    [
      'single numbers',
      row(Math.sin(4), 0, weight(0, 1, 1)),
      'np.array([data["score"][1, 0], 0, data["weight"][0, 1, 1]])'
    ],
    ['even steps', row(0.5, 1, 1.5), 'np.linspace(0.5, 1.5, 3)'],
    ['counted', row(3, 4, 5), 'np.arange(3, 6)']
  ])('is found %s', (_, numbers, python) => {
    const found = foundInData(numbers, data)
    expect(found).toEqual({ python, at: null })
    const names = {
      data: (name: string) => ({
        shape: data.variables[name]!.axes.map(axis => data.axes[axis]!.length),
        values: [...data.variables[name]!.data]
      }),
      figure: () => []
    }
    const drawn = numpyValue(python, names)
    expect(drawn.shape).toEqual(numbers.shape)
    drawn.values.forEach((value, i) => expect(value).toBeCloseTo(numbers.values[i]!, 9))
  })

  it('is found in an order of its own', () => {
    const found = foundInData(row(Math.sin(5), NaN, Math.sin(2)), data)
    expect(found).toMatchObject({ python: 'taken(data["score"], at)', at: [4, -1, 1] })
  })

  it('is found where it draws less than there is', () => {
    const numbers = grid(2, 3, (l, h) => (h > l ? NaN : Math.sin(3 * l + h + 1)))
    expect(foundInData(numbers, data)).toEqual({
      ...{ python: 'data["score"]', at: null },
      without: [[1, 2], [5, 1]] // prettier-ignore
    })
  })

  it.each([
    ['other numbers', row(0.123, 0.456)],
    [
      'one that is a little off',
      grid(2, 3, (l, h) => Math.sin(3 * l + h + 1) + (h === 2 ? 1e-4 : 0))
    ],
    ['no number', row(NaN, NaN)],
    ['one number, which others are by chance', row(root(0), root(0))]
  ])('is not found: %s', (_, numbers) => {
    expect(foundInData(numbers, data)).toBeNull()
  })
})
