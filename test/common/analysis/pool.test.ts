import { describe, expect, it } from 'vitest'
import { meanPooled } from '#common/analysis/pool.ts'

describe('meanPooled', () => {
  it('leaves a matrix that fits as it is', () => {
    const matrix = { shape: [1, 2, 2], data: Float32Array.of(1, 2, 3, 4) }
    expect(meanPooled(matrix, 2)).toBe(matrix)
  })

  it('takes the mean of each cell, also of the smaller last one', () => {
    const data = Float32Array.from({ length: 2 * 9 }, (_, i) => i)
    expect(meanPooled({ shape: [2, 3, 3], data }, 2)).toEqual({
      shape: [2, 2, 2],
      data: Float32Array.of(2, 3.5, 6.5, 8, 11, 12.5, 15.5, 17)
    })
  })
})
