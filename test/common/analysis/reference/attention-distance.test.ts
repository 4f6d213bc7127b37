import { describe, expect, it } from 'vitest'
import { attentionDistance } from './attention-distance.ts'

describe('attentionDistance', () => {
  it('weighs each distance by its attention', () => {
    const data = Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.5, 0, 0.5)
    expect(attentionDistance({ shape: [3, 3], data })).toBeCloseTo((0.5 + 1) / 3, 6)
  })

  it('counts keys after the query as well', () => {
    expect(attentionDistance({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) })).toBe(1)
  })
})
