import { describe, expect, it } from 'vitest'
import { axis, Dataset, dataset, shapeOf, variable } from '#common/data/dataset.ts'

const one = { axes: ['head'], unit: '', about: '', data: Float64Array.of(1, 2) }
const sound = () => dataset({ head: axis(2), query: axis(['a', 'b', 'c']) }, { one })
const twoSides = { side: axis(2), head: axis(2), query: axis(3) }
const ofAll = (at: number) => ({ ...one, part: { of: 'all', axes: ['side', 'head'], at } })
const longer = {
  ...{ ...one, axes: ['query'], data: new Float64Array(3) },
  part: { of: 'rest', axes: ['side', 'head'], at: 1 }
}
const whole = { ...one, axes: ['side', 'head'], data: new Float64Array(4) }
const nothing = (axes: string[]) => ({ ...one, axes, data: new Float64Array(0) })

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

  it('has as many places without numbers as an analysis may have', () => {
    const axes = { layer: axis(128), head: axis(128), none: axis(0) }
    expect(() =>
      dataset(axes, { one: nothing(['layer', 'head', 'none']), two: nothing(['none', 'layer']) })
    ).not.toThrow()
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
    ],
    [
      'a part of what has none at its place',
      () => dataset({ head: axis(2) }, { one: ofAll(0) }),
      /^one: it is no part of all \[side, head\] at 0$/
    ],
    [
      'two parts at one place',
      () => dataset(twoSides, { one: ofAll(0), other: ofAll(1), third: ofAll(0) }),
      /^third: one is the part of all at 0, too$/
    ],
    [
      'parts of unlike lengths at one place',
      () => dataset(twoSides, { one: ofAll(1), other: longer }),
      /^other: its axes are not those of one, which is a part at 1 of \[side,head\], too$/
    ],
    [
      'a whole one where others are parts',
      () => dataset(twoSides, { one: ofAll(0), whole }),
      /^whole: it is over \[side,head\] as one is, and one of them is a part$/
    ],
    [
      'more axes than any analysis gives',
      () => dataset({ head: axis(1) }, { one: nothing(Array.from({ length: 9 }, () => 'head')) }),
      /^one: 9 axes, at most 8$/
    ],
    [
      'an axis that no number bears out',
      () => dataset({ side: axis(2 ** 52), none: axis(0) }, { one: nothing(['side', 'none']) }),
      /^one: over 1048576 places without numbers, for \[side, none\] = \[4503599627370496, 0\]$/
    ],
    [
      'axes that no number bears out together',
      () => {
        const axes = { side: axis(2 ** 20), none: axis(0) }
        return dataset(axes, { one: nothing(['side', 'none']), two: nothing(['none']) })
      },
      /^two: over 1048576 places without numbers/
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
