import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { evenlySpaced } from '#common/analysis/health/evenly-spaced.ts'
import { measuredTensor } from '#common/analysis/health/measured-tensor.ts'
import { hasUsualDeviation } from '#common/analysis/health/usual-deviations.ts'
import { largestSingularValue } from '#common/analysis/largest-singular-value.ts'
import { rowMajorView } from '#common/analysis/matrix-product.ts'
import { singularValues } from '#common/analysis/singular-values.ts'

describe('largestSingularValue', () => {
  it.each([
    ['high', 40, 9],
    ['wide', 12, 70],
    ['a row', 1, 5],
    ['a column', 6, 1],
    ['of many directions', 90, 80]
  ])('is the first of all, of a matrix that is %s', (_, rows, columns) => {
    const next = generator(rows)
    const data = Float32Array.from({ length: rows * columns }, () => next() - 0.4)
    const [expected = NaN] = singularValues(rowMajorView(data, rows, columns))
    expect(largestSingularValue(data, rows, columns) / expected).toBeCloseTo(1, 3)
  })

  it('is 0 of nothing, and that of the only direction where there is one', () => {
    expect(largestSingularValue(new Float32Array(12), 3, 4)).toBe(0)
    expect(largestSingularValue(Float32Array.of(3, 4, 6, 8), 2, 2)).toBeCloseTo(Math.sqrt(125), 6)
  })
})

describe('evenlySpaced', () => {
  it('takes rows and columns from the whole of a matrix, and a small one as it is', () => {
    const data = Float32Array.from({ length: 48 }, (_, i) => i)
    const part = evenlySpaced(data, [6, 8], 4)
    expect([part.rows, part.columns]).toEqual([4, 4])
    expect([...part.data.subarray(0, 8)]).toEqual([0, 2, 4, 6, 8, 10, 12, 14])
    expect([...part.data.subarray(12)]).toEqual([32, 34, 36, 38])
    expect(evenlySpaced(data, [6, 8], 8).data).toBe(data)
  })
})

describe('measuredTensor', () => {
  it('finds the rows and columns that are the same among very many of short numbers', () => {
    const [rows, columns] = [2 ** 17, 5]
    const data = Float32Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns]
      return [(row & 511) / 512, (row >> 9) / 512, 1, 2, (row & 511) / 512][column]!
    })
    data.copyWithin(50 * columns, 7 * columns, 8 * columns)
    for (let at = 60; at < 80; at++) data.copyWithin(at * columns, 9 * columns, 10 * columns)
    data.fill(0, 100 * columns, 101 * columns)
    const tensor = { name: 'w', layer: null, head: null, shape: [rows, columns], data }
    const { matrix } = measuredTensor(tensor, 'other')
    expect(matrix!.rows.duplicates).toEqual({
      count: 21,
      first: [50, 60, 61, 62, 63, 64, 65, 66, 67, 68]
    })
    expect(matrix!.rows.dead).toEqual({ count: 1, first: [100] })
    expect(matrix!.columns.duplicates).toEqual({ count: 1, first: [4] })
  })
})

describe('hasUsualDeviation', () => {
  it.each([
    [0.02, true],
    [0.0201, true],
    [0.0206, false],
    [0.02 / Math.sqrt(24), true],
    [1 / Math.sqrt(128), true],
    [1 / Math.sqrt(3 * 128), true],
    [0.0941, false]
  ])('of %f: %s', (std, expected) => expect(hasUsualDeviation(std, [128, 128], 12)).toBe(expected))
})
