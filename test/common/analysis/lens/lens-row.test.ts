import { describe, expect, it } from 'vitest'
import { finalRow, lensRow, rankOf, topOf } from '#common/analysis/lens/lens-row.ts'

const logits = (...shares: number[]) => Float32Array.from(shares, share => Math.log(share) + 3)

describe('lensRow', () => {
  it('divergences and entropy of two distributions, in nats', () => {
    const row = lensRow(logits(0.25, 0.25, 0.5), finalRow(logits(0.5, 0.25, 0.25)))
    expect(row.finalLens).toBeCloseTo(0.25 * Math.LN2, 6)
    expect(row.lensFinal).toBeCloseTo(0.25 * Math.LN2, 6)
    expect(row.entropy).toBeCloseTo(1.5 * Math.LN2, 6)
    const other = lensRow(logits(0.9, 0.1), finalRow(logits(0.5, 0.5)))
    expect(other.finalLens).toBeCloseTo(0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1), 6)
    expect(other.lensFinal).toBeCloseTo(0.9 * Math.log(0.9 / 0.5) + 0.1 * Math.log(0.1 / 0.5), 6)
  })

  it('of large logits neither overflows nor cancels', () => {
    const far = Float32Array.of(10_000, 9_000)
    expect(lensRow(far, finalRow(far))).toMatchObject({ finalLens: 0, lensFinal: 0, entropy: 0 })
  })

  it('what is −∞ in both counts nothing', () => {
    const one = Float32Array.of(0, -Infinity, 0)
    expect(lensRow(one, finalRow(one)).finalLens).toBe(0)
    expect(lensRow(one, finalRow(one)).entropy).toBeCloseTo(Math.LN2, 12)
  })
})

it('rankOf counts what is strictly higher', () => {
  expect([0, 1, 2, 3].map(token => rankOf(Float32Array.of(1, 3, 3, 2), token))).toEqual([
    3, 0, 0, 2
  ])
})

it('topOf tells how near the first that is left out is', () => {
  expect(topOf(Float32Array.of(1, 4, 2, 3.5), 2)).toEqual({ tokens: [1, 3], gap: 0.5 })
  expect(topOf(Float32Array.of(1, 8, 2, 3.5), 2)).toEqual({ tokens: [1, 3], gap: 1.5 })
})
