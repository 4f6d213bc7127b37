import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { rowMajorView, transposedView } from '#common/analysis/matrix-product.ts'
import { singularValues } from '#common/analysis/singular-values.ts'
import { orthogonal, scaledProduct } from './orthogonal.ts'

describe('singularValues', () => {
  it.each([
    ['one number, its magnitude', [[-3]], [3]],
    ['a row, its length', [[3, 4]], [5]],
    [
      'a matrix whose columns are at right angles, their lengths',
      [
        [0, 2, 0],
        [-7, 0, 0],
        [0, 0, 0.5]
      ],
      [7, 2, 0.5]
    ],
    // The golden ratio and what is left of it.
    [
      'a shear',
      [
        [1, 1],
        [0, 1]
      ],
      [(1 + Math.sqrt(5)) / 2, (Math.sqrt(5) - 1) / 2]
    ],
    [
      'equal rows',
      [
        [1, 2],
        [1, 2],
        [1, 2]
      ],
      [Math.sqrt(15), 0]
    ],
    [
      'nothing',
      [
        [0, 0],
        [0, 0]
      ],
      [0, 0]
    ]
  ])('of %s', (_, rows, expected) => {
    const found = of(rows)
    expect(found.length).toBe(expected.length)
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12))
  })

  it('is the same of the transposed matrix', () => {
    const next = generator(3)
    const view = rowMajorView(Float32Array.from({ length: 7 * 5 }, next), 7, 5)
    const turned = singularValues(transposedView(view))
    singularValues(view).forEach((value, i) => expect(turned[i]).toBeCloseTo(value, 12))
  })

  it('tells values that are smaller by many orders, which squares would lose', () => {
    const expected = Float64Array.from({ length: 24 }, (_, i) => 10 ** (-i / 2))
    const matrix = scaledProduct(orthogonal(40, 24, 1), expected, orthogonal(24, 24, 2))
    const found = singularValues(rowMajorView(matrix, 40, 24))
    expected.forEach((value, i) =>
      expect(Math.abs(found[i]! - value)).toBeLessThan(1e-14 + 1e-8 * value)
    )
  })

  it('leaves of a matrix of lower rank no more than rounding', () => {
    const values = Float64Array.from({ length: 20 }, (_, i) => (i < 6 ? 20 - i : 0))
    const matrix = scaledProduct(orthogonal(32, 20, 4), values, orthogonal(20, 20, 5))
    const found = singularValues(rowMajorView(matrix, 32, 20))
    values.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(20 * 1e-14))
  })

  it('is NaN where the matrix is not finite', () => {
    expect([
      ...of([
        [1, NaN],
        [2, 3]
      ])
    ]).toEqual([NaN, NaN])
  })
})

function of(rows: readonly (readonly number[])[]): Float64Array {
  const [first = []] = rows
  return singularValues(rowMajorView(Float64Array.from(rows.flat()), rows.length, first.length))
}
