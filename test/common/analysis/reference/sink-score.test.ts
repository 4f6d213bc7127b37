import { describe, expect, it } from 'vitest'
import { sinkScore } from './sink-score.ts'

describe('sinkScore', () => {
  it('is the mean weight on the first token', () => {
    const data = Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.75, 0.25, 0)
    expect(sinkScore({ shape: [3, 3], data })).toBe(0.75)
  })
})
