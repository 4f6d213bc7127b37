import { describe, expect, it } from 'vitest'
import { axis, Dataset, dataset, shapeOf, variable } from '#common/data/dataset.ts'

const one = { axes: ['head'], unit: '', about: '', data: Float64Array.of(1, 2) }
const sound = () => dataset({ head: axis(2), query: axis(['a', 'b', 'c']) }, { one })

describe('a dataset', () => {
  it('has variables over its axes', () => {
    const given = dataset(
      { head: axis(2), query: axis(['a', 'b', 'c']) },
      {
        one,
        both: { ...one, axes: ['head', 'query'], data: new Int32Array(6) },
        none: { ...one, axes: [], data: Float32Array.of(NaN) }
      }
    )
    expect(shapeOf(given, variable(given, 'both'))).toEqual([2, 3])
    expect(shapeOf(given, variable(given, 'none'))).toEqual([])
    expect(Dataset.parse(given)).toEqual(given)
  })

  it.each([
    [
      'no variable',
      () => variable(sound(), 'constructor'),
      /^constructor: there is no such variable, but one$/
    ],
    [
      'no axis',
      () => shapeOf(sound(), { axes: ['key'] }),
      /^key: there is no such axis, but head, query$/
    ],
    [
      'too few numbers',
      () => dataset({ head: axis(3) }, { one }),
      /^one: 2 numbers, expected 3 for \[head\] = \[3\]$/
    ],
    [
      'a foreign axis',
      () => dataset({}, { one }),
      /^one: its axis head is not one of the dataset's$/
    ],
    [
      'a part of no place',
      () => {
        const part = { of: 'all', axes: ['side', 'head'], at: 1 }
        return dataset({ head: axis(2), side: axis(1) }, { one: { ...one, part } })
      },
      /^one: it is no part of all \[side, head\] at 1$/
    ]
  ])('names what is wrong: %s', (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({
        name: 'DatasetError',
        message: expect.stringMatching(message) as string
      })
    )
  })

  it.each([
    [{ axes: { head: { length: 2, labels: ['a'] } }, variables: {} }, /an axis of 2 has 1 labels/],
    [{ axes: { head: { length: 3, labels: null } }, variables: { one } }, /2 numbers, expected 3/],
    [
      { axes: { head: { length: 2, labels: null } }, variables: { '../x': one } },
      /Invalid key|name of letters/
    ],
    [
      { axes: { head: { length: 2, labels: null } }, variables: { one: { ...one, data: [1, 2] } } },
      /expected an array/
    ]
  ])('is refused by its schema when it is not one: %#', (given, message) => {
    expect(Dataset.safeParse(given).error?.message).toMatch(message)
  })
})
