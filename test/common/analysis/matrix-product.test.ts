import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { rowProducts } from '#common/analysis/embeddings/vectors.ts'
import {
  addProduct,
  gramMatrix,
  matrixProduct,
  rowMajorView,
  transposedView
} from '#common/analysis/matrix-product.ts'

const random = (length: number, seed: number) => {
  const next = generator(seed)
  return Float64Array.from({ length }, () => next() - 0.5)
}
/** One by one. */
function plainProduct(a: Float64Array, b: Float64Array, [n, inner, m]: readonly number[]) {
  return Float64Array.from({ length: n! * m! }, (_, at) => {
    const [row, column] = [Math.floor(at / m!), at % m!]
    let sum = 0
    for (let i = 0; i < inner!; i++) sum += a[row * inner! + i]! * b[i * m! + column]!
    return sum
  })
}
function expectNear(found: Float64Array, expected: Float64Array): void {
  expect(found).toHaveLength(expected.length)
  const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)
  expect(worst).toBeLessThan(1e-12)
}

describe('products of matrices', () => {
  // Shorter than a tile, with beginnings of tiles, and longer than what is packed at once each way.
  it.each([
    [1, 1, 1],
    [3, 5, 2],
    [9, 300, 6],
    [1030, 7, 5],
    [5, 6, 1027]
  ])('of [%i, %i, %i] are those of each row and column', (n, inner, m) => {
    const [a, b] = [random(n * inner, 1), random(inner * m, 2)]
    const expected = plainProduct(a, b, [n, inner, m])
    expectNear(matrixProduct(rowMajorView(a, n, inner), rowMajorView(b, inner, m)), expected)
    // (Bᵀ Aᵀ)ᵀ, by steps the other way.
    const back = matrixProduct(
      transposedView(rowMajorView(b, inner, m)),
      transposedView(rowMajorView(a, n, inner))
    )
    expectNear(
      expected.map((_, at) => back[(at % m) * n + Math.floor(at / m)]!),
      expected
    )
  })

  it('are added to what is there', () => {
    const sum = Float64Array.of(10, 20)
    addProduct(
      sum,
      rowMajorView(Float64Array.of(2), 1, 1),
      rowMajorView(Float64Array.of(3, 4), 1, 2)
    )
    expect([...sum]).toEqual([16, 28])
  })

  it.each([
    [3, 2],
    [40, 1030]
  ])('with themselves, of [%i, %i], are symmetric', (rows, columns) => {
    const a = random(rows * columns, 3)
    const view = rowMajorView(a, rows, columns)
    expectNear(gramMatrix(view), matrixProduct(transposedView(view), view))
  })
})

describe('products of rows', () => {
  it.each([1, 7, 8, 21, 70_000])('of %i numbers are those of each', width => {
    const rows = 5
    const data = Float32Array.from(random(rows * width, 4))
    const vectors = [random(width, 5), random(width, 6)]
    const found = rowProducts({ rows, width, data }, vectors)
    for (let row = 0; row < rows; row++) {
      const own = data.subarray(row * width, (row + 1) * width)
      const product = (b: Float32Array | Float64Array) =>
        own.reduce((sum, x, i) => sum + x * b[i]!, 0)
      expect(found.squares[row]).toBeCloseTo(product(own), 9)
      vectors.forEach((vector, v) => expect(found.with[v]![row]).toBeCloseTo(product(vector), 9))
    }
  })
})
