import { describe, expect, it } from 'vitest'
import { eigenvalues } from '#common/analysis/eigenvalues.ts'

function expectEigenvalues(matrix: readonly number[], expected: readonly number[]): void {
  const n = Math.sqrt(matrix.length)
  const found = eigenvalues(Float64Array.from(matrix), n)
  const sizes = Array.from({ length: n }, (_, i) => Math.hypot(found[2 * i]!, found[2 * i + 1]!))
  sizes.slice(1).forEach((size, i) => expect(size).toBeLessThanOrEqual(sizes[i]!))
  expect(inOrder(found)).toEqual(inOrder(expected))
}

/** As texts, by real and by imaginary part. */
function inOrder(flat: ArrayLike<number>): string[] {
  const text = (value: number) => (Math.abs(value) < 1e-9 ? 0 : value).toFixed(8)
  return Array.from(
    { length: flat.length / 2 },
    (_, i) => `${text(flat[2 * i]!)} ${text(flat[2 * i + 1]!)}`
  ).sort()
}

describe('eigenvalues', () => {
  it.each([
    ['one number', [7], [7, 0]],
    ['nothing', [0, 0, 0, 0], [0, 0, 0, 0]],
    ['a quarter turn, i and −i', [0, -1, 1, 0], [0, 1, 0, -1]],
    ['a triangle, its diagonal', [1, 5, -2, 0, -4, 7, 0, 0, 2], [-4, 0, 2, 0, 1, 0]],
    ['what is symmetric', [2, 1, 1, 2], [3, 0, 1, 0]],
    [
      'what turns round four ways',
      [0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      [1, 0, 0, 1, 0, -1, -1, 0]
    ],
    // The companion of (x − 1)(x − 2)(x² + 2x + 5).
    [
      'a polynomial, its roots',
      [1, -1, 11, -10, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      [-1, 2, -1, -2, 2, 0, 1, 0]
    ]
  ])('of %s', (_, matrix, expected) => expectEigenvalues(matrix, expected))

  it('of a product P D P⁻¹ are those of D', () => {
    // P is 1 below and on the diagonal: its inverse is 1 on it and −1 below.
    const n = 40
    const values = Array.from({ length: n }, (_, i) => (i % 2 ? -1 : 1) * (n - i))
    const matrix = new Float64Array(n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let k = 0; k <= i; k++)
          matrix[i * n + j]! += values[k]! * (k === j ? 1 : k === j + 1 ? -1 : 0)
    const found = eigenvalues(matrix, n)
    values.forEach((value, i) => {
      expect(found[2 * i]).toBeCloseTo(value, 8)
      expect(found[2 * i + 1]).toBeCloseTo(0, 8)
    })
  })

  it('of what is not finite are NaN', () => {
    expect([...eigenvalues(Float64Array.of(1, Infinity, 0, 1), 2)]).toEqual([NaN, NaN, NaN, NaN])
  })
})
