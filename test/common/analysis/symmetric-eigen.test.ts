import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { symmetricEigen } from '#common/analysis/symmetric-eigen.ts'
import { orthogonal, scaledProduct } from './orthogonal.ts'

describe('symmetricEigen', () => {
  it.each([
    ['one number', [-7], [-7]],
    ['nothing', [0, 0, 0, 0], [0, 0]],
    ['a diagonal', [1, 0, 0, 0, 5, 0, 0, 0, -2], [5, 1, -2]],
    ['two that are coupled', [2, 1, 1, 2], [3, 1]],
    // 2 − 2 cos(k π / 5)
    [
      'a chain',
      [2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2],
      [4, 3, 2, 1].map(k => 2 - 2 * Math.cos((k * Math.PI) / 5))
    ]
  ])('of %s', (_, matrix, expected) => {
    const { values, vectors } = symmetricEigen(Float64Array.from(matrix), expected.length)
    expect(vectors).toHaveLength(0)
    expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 12))
  })

  it.each([
    ['all different', (i: number) => 5 - i],
    ['some of them equal', (i: number) => (i < 8 ? 3 : 1)],
    ['far apart', (i: number) => 10 ** -i]
  ])('gives vectors that the matrix only stretches, values being %s', (_, valueAt) => {
    const n = 20
    const expected = Float64Array.from({ length: n }, (_, i) => valueAt(i))
    const q = orthogonal(n, n, 1)
    const matrix = scaledProduct(q, expected, q)
    const { values, vectors } = symmetricEigen(matrix, n, n)
    expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 12))
    for (let i = 0; i < n; i++) {
      const own = vectors.subarray(i * n, (i + 1) * n)
      for (let j = 0; j <= i; j++)
        expect(dot(own, vectors.subarray(j * n, (j + 1) * n))).toBeCloseTo(i === j ? 1 : 0, 12)
      for (let row = 0; row < n; row++)
        expect(dot(matrix.subarray(row * n, (row + 1) * n), own)).toBeCloseTo(
          values[i]! * own[row]!,
          12
        )
    }
  })

  it.each([
    ['all different', (i: number) => 90 - i],
    ['some of them equal', (i: number) => (i < 8 ? 3 : 1)],
    ['nearly equal', (i: number) => (i < 8 ? 3 + 1e-9 * i : 1)],
    ['zero but for three', (i: number) => (i < 3 ? 3 - i : 0)],
    ['far apart', (i: number) => 2 ** -i]
  ])('gives a few vectors of a larger matrix, values being %s', (_, valueAt) => {
    const [n, count] = [90, 12]
    const expected = Float64Array.from({ length: n }, (_, i) => valueAt(i))
      .sort()
      .reverse()
    const q = orthogonal(n, n, 1)
    const matrix = scaledProduct(q, expected, q)
    const { values, vectors } = symmetricEigen(matrix, n, count)
    expect(vectors).toHaveLength(count * n)
    for (let i = 0; i < count; i++) {
      const own = vectors.subarray(i * n, (i + 1) * n)
      for (let j = 0; j <= i; j++)
        expect(dot(own, vectors.subarray(j * n, (j + 1) * n))).toBeCloseTo(i === j ? 1 : 0, 10)
      for (let row = 0; row < n; row++)
        expect(dot(matrix.subarray(row * n, (row + 1) * n), own)).toBeCloseTo(
          values[i]! * own[row]!,
          10
        )
    }
  })

  // Squares of such entries are 0, subnormal or infinite.
  it.each([5e-324, 1e-300, 1e-170, 1e-162, 1e-160, 1e-154, 1e154, 1e170, 1e307])(
    'is the same of a matrix times %s, but for the values',
    factor => {
      for (const [n, count] of [
        [4, 4],
        [70, 3]
      ] as const) {
        const distance = (at: number) => Math.abs((at % n) - Math.floor(at / n))
        // Of powers of two the product is exact, and all but the last bits alike.
        const matrix = Float64Array.from({ length: n * n }, (_, at) => 2 ** -distance(at))
        const times = 2 ** Math.ceil(Math.log2(factor))
        const expected = symmetricEigen(matrix, n, count)
        const { values, vectors } = symmetricEigen(
          matrix.map(value => value * times),
          n,
          count
        )
        if (times > 5e-324) expect(values.map(value => value / times)).toEqual(expected.values)
        if (times > 1e-280) expect(vectors).toEqual(expected.vectors)
        expect(Math.hypot(...vectors.subarray(0, n))).toBeCloseTo(1, 9)
      }
    }
  )

  it.each([1e-150, 1e-158, 1e-161, 1e-163, 1e-200])(
    'leaves what is large as it is where other entries are %s',
    tiny => {
      const matrix = Float64Array.from([
        ...[2, 0, tiny, tiny / 2],
        ...[0, 1, tiny / 3, tiny],
        ...[tiny, tiny / 3, 0, tiny],
        ...[tiny / 2, tiny, tiny, 0]
      ])
      const { values, vectors } = symmetricEigen(matrix, 4, 4)
      for (const [i, value] of [2, 1, 0, 0].entries()) {
        expect(values[i]).toBeCloseTo(value, 12)
        const own = vectors.subarray(4 * i, 4 * (i + 1))
        expect(dot(own, own)).toBeCloseTo(1, 12)
        if (i < 2) expect(Math.abs(own[i]!)).toBeCloseTo(1, 12)
      }
    }
  )

  it('reads the lower half alone', () => {
    const next = generator(9)
    const n = 6
    const matrix = Float64Array.from({ length: n * n }, next)
    const whole = matrix.map((value, i) =>
      i % n > Math.floor(i / n) ? matrix[(i % n) * n + Math.floor(i / n)]! : value
    )
    expect(symmetricEigen(matrix, n, n)).toEqual(symmetricEigen(whole, n, n))
  })

  it('is NaN where the matrix is not finite', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(1, 0, Infinity, 1), 2, 2)
    expect([...values, ...vectors]).toEqual(Array(6).fill(NaN))
  })
})

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
