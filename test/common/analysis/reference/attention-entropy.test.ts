import { describe, expect, it } from 'vitest'
import { attentionEntropy } from './attention-entropy.ts'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'

describe('attentionEntropy', () => {
  it('is 0 when every query attends to one key', () => {
    const data = Float32Array.of(1, 0, 0, 1)
    expect(attentionEntropy({ shape: [2, 2], data })).toBe(0)
  })

  it('is the mean of ln of what each query may see when it attends alike', () => {
    const expected = (Math.log(1) + Math.log(2) + Math.log(3)) / 3
    expect(attentionEntropy(uniformPattern(3, { causal: true, reach: null }))).toBeCloseTo(
      expected,
      6
    )
  })

  it('refuses what is not one head', () => {
    const all = { shape: [1, 2, 2], data: new Float32Array(4) }
    expect(() => attentionEntropy(all)).toThrow('expected [query, key], got [1, 2, 2]')
  })
})
