import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { gramMatrix, rowMajorView } from '#common/analysis/matrix-product.ts'
import { triangularFactor } from '#common/analysis/triangular-factor.ts'

describe('triangularFactor', () => {
  it('has the lengths and angles of the columns, and nothing below its diagonal', () => {
    const next = generator(11)
    const a = rowMajorView(
      Float64Array.from({ length: 9 * 5 }, () => next() - 0.5),
      9,
      5
    )
    const r = triangularFactor(a)
    for (let i = 0; i < 5; i++) for (let j = 0; j < i; j++) expect(r[i * 5 + j]).toBe(0)
    const [own, expected] = [gramMatrix(rowMajorView(r, 5, 5)), gramMatrix(a)]
    expected.forEach((value, i) => expect(own[i]).toBeCloseTo(value, 12))
  })

  it('of columns of zeros, and of ones that are the same, has zeros on its diagonal', () => {
    const a = rowMajorView(Float64Array.of(0, 1, 1, 0, 2, 2, 0, 2, 2), 3, 3)
    const r = triangularFactor(a)
    expect(Math.hypot(r[1]!, r[4]!)).toBeCloseTo(3, 12)
    for (const at of [0, 8]) expect(r[at]).toBeCloseTo(0, 12)
  })
})
