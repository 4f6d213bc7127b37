import { describe, expect, it } from 'vitest'
import { signTest } from '#common/analysis/sign-test.ts'

describe('the sign test', () => {
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [3, 0, 2 / 8],
    [0, 6, 2 / 64],
    [7, 1, (2 * (1 + 8)) / 256],
    [2, 8, (2 * (1 + 10 + 45)) / 1024],
    [5, 5, 1]
  ])('of %i above and %i below zero', (positive, negative, p) => {
    expect(signTest(positive, negative)).toBeCloseTo(p, 12)
  })

  it('does not overflow', () => {
    expect(signTest(5200, 4800)).toBeCloseTo(6.6e-5, 5)
  })
})
