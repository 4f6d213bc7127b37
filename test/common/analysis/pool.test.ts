import { describe, expect, it } from 'vitest'
import { pooled } from '#common/analysis/pool.ts'

describe('pooled', () => {
  it('leaves a matrix that fits as it is', () => {
    const matrix = { shape: [1, 2, 2], data: Float32Array.of(1, 2, 3, 4) }
    expect(pooled(matrix, 2, 'mean')).toBe(matrix)
  })

  it('takes the mean of each cell, also of the smaller last one', () => {
    const data = Float32Array.from({ length: 2 * 9 }, (_, i) => i)
    expect(pooled({ shape: [2, 3, 3], data }, 2, 'mean')).toEqual({
      shape: [2, 2, 2],
      data: Float32Array.of(2, 3.5, 6.5, 8, 11, 12.5, 15.5, 17)
    })
  })

  it('takes the highest of each cell when that is asked for', () => {
    const data = Float32Array.from({ length: 9 }, (_, i) => 8 - i)
    expect(pooled({ shape: [1, 3, 3], data }, 2, 'maximum').data).toEqual(
      Float32Array.of(8, 6, 2, 0)
    )
  })
})
