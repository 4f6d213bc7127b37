import { describe, expect, it } from 'vitest'
import { lensRows, type LensRow } from '#common/analysis/lens/lens-rows.ts'

const logits = (...shares: number[]) => Float32Array.from(shares, share => Math.log(share) + 3)

/** What a row says beside the one that the model gives. */
function beside(final: Float32Array, lens: Float32Array): LensRow {
  const rows = lensRows(final.length)
  rows.final(final)
  return rows.lens(lens)
}

/** The definition, in float64. */
function expected(final: Float32Array, lens: Float32Array): LensRow {
  const logSumOf = (row: Float32Array) => {
    const most = Math.max(...row)
    return most + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - most), 0))
  }
  const [finalSum, logSum] = [logSumOf(final), logSumOf(lens)]
  const p = Array.from(final, logit => logit - finalSum)
  const q = Array.from(lens, logit => logit - logSum)
  const mean = (of: number[], value: (i: number) => number) =>
    of.reduce((sum, log, i) => sum + Math.exp(log) * value(i), 0)
  return {
    logSum,
    entropy: -mean(q, i => q[i]!),
    finalLens: mean(p, i => p[i]! - q[i]!),
    lensFinal: mean(q, i => q[i]! - p[i]!)
  }
}

/** Numbers that look drawn, between −1 and 1. */
const drawn = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin((i + 1) * (i + seed) * 0.7))

describe('lens', () => {
  it('divergences and entropy of two distributions, in nats', () => {
    const row = beside(logits(0.5, 0.25, 0.25), logits(0.25, 0.25, 0.5))
    expect(row.finalLens).toBeCloseTo(0.25 * Math.LN2, 6)
    expect(row.lensFinal).toBeCloseTo(0.25 * Math.LN2, 6)
    expect(row.entropy).toBeCloseTo(1.5 * Math.LN2, 6)
    const other = beside(logits(0.5, 0.5), logits(0.9, 0.1))
    expect(other.finalLens).toBeCloseTo(0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1), 6)
    expect(other.lensFinal).toBeCloseTo(0.9 * Math.log(0.9 / 0.5) + 0.1 * Math.log(0.1 / 0.5), 6)
  })

  it.each([1, 63, 64, 65, 512, 513, 50_257])(
    'of %d logits, of one position after the other',
    width => {
      const rows = lensRows(width)
      const scaled = (seed: number, by: number) => drawn(width, seed).map(x => x * by - 40)
      const finals = [scaled(1, 8), scaled(2, 30), scaled(3, 1)]
      for (const final of finals) {
        const { logSum, entropy } = rows.final(final)
        const own = expected(final, final)
        expect(logSum).toBeCloseTo(own.logSum, 5)
        expect(entropy).toBeCloseTo(own.entropy, 5)
        for (const by of [0, 5, 60]) {
          const lens = scaled(7, by)
          const row = rows.lens(lens)
          const own = expected(final, lens)
          for (const name of ['logSum', 'entropy', 'finalLens', 'lensFinal'] as const)
            expect(Math.abs(row[name] - own[name]), name).toBeLessThan(
              2e-6 * (1 + Math.abs(own[name]))
            )
        }
      }
    }
  )

  it('of large logits neither overflows nor cancels', () => {
    const far = Float32Array.of(10_000, 9_000)
    expect(beside(far, far)).toMatchObject({ finalLens: 0, lensFinal: 0, entropy: 0 })
    expect(beside(far, Float32Array.of(9_000, 10_000)).finalLens).toBe(1000)
  })

  it('of logits far below 0 nothing is counted that is not there', () => {
    const low = beside(Float32Array.of(-9_000, -10_000), Float32Array.of(-10_000, -9_000))
    expect(low.logSum).toBe(-9_000)
    expect(low.finalLens).toBe(1000)
  })

  it('what is −∞ in both counts nothing, in one of them it is infinitely far', () => {
    const one = Float32Array.of(0, -Infinity, 0)
    expect(beside(one, one).finalLens).toBe(0)
    expect(beside(one, one).entropy).toBeCloseTo(Math.LN2, 12)
    const flat = Float32Array.of(0, 0, 0)
    expect(beside(flat, one)).toMatchObject({ finalLens: Infinity })
    expect(beside(one, flat)).toMatchObject({ lensFinal: Infinity })
    expect(beside(flat, one).lensFinal).toBeCloseTo(Math.log(1.5), 6)
  })

  it('of NaN is NaN', () => {
    expect(beside(Float32Array.of(0, 1), Float32Array.of(NaN, 1)).logSum).toBeNaN()
  })

  it('has NaN last, not first', () => {
    for (const width of [3, 200]) {
      const rows = lensRows(width)
      rows.final(new Float32Array(width).fill(NaN))
      expect(rows.rank(NaN)).toBe(width - 1)
      expect(rows.top(2).tokens).toEqual([0, 1])
    }
    const rows = lensRows(3)
    rows.final(Float32Array.of(NaN, 1, 2))
    expect(rows.top(3).tokens).toEqual([2, 1, 0])
    expect(rows.rank(2)).toBe(0)
  })
})

/** A row that was read. */
function read(...row: number[]) {
  const rows = lensRows(row.length)
  rows.final(Float32Array.from(row))
  return rows
}

it('rank counts what is strictly higher', () => {
  expect([1, 3, 3, 2].map(logit => read(1, 3, 3, 2).rank(logit))).toEqual([3, 0, 0, 2])
  expect(read(1, -Infinity, -Infinity).rank(-Infinity)).toBe(1)
  expect(read(-9_000, -10_000).rank(-10_000)).toBe(1)
  const row = drawn(50_257, 5)
  const rows = read(...row)
  for (const token of [0, 64, 50_256])
    expect(rows.rank(row[token]!)).toBe(row.filter(logit => logit > row[token]!).length)
})

describe('top', () => {
  it('tells how near the first that is left out is', () => {
    expect(read(1, 4, 2, 3.5).top(2)).toEqual({ tokens: [1, 3], gap: 0.5 })
    expect(read(1, 8, 2, 3.5).top(2)).toEqual({ tokens: [1, 3], gap: 1.5 })
    expect(read(1, 8).top(2)).toEqual({ tokens: [1, 0], gap: 7 })
  })

  // Of 320 logits there are as many blocks as tokens are told.
  it.each([50_257, 320])('of %d logits, equal ones by their ids', width => {
    const row = drawn(width, 5).map(x => Math.round(x * 1000))
    const sorted = [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b)
    for (const count of [1, 5, 100])
      expect(read(...row).top(count).tokens).toEqual(sorted.slice(0, count))
  })
})
