import { describe, expect, it } from 'vitest'
import { scoreParts } from '#common/analysis/query-key/score-parts.ts'

const q = Float32Array.of(1, -2)
const keys = Float32Array.of(3, 1, 0.5, 4, -1, 0)
const plain = { scale: 0.5, softCap: null, alibi: null }
const of = { head: 1, nHeads: 8, query: 1 }

describe('scoreParts', () => {
  it('multiplies, adds up and scales', () => {
    const parts = scoreParts(q, keys, plain, of)
    expect([...parts.products]).toEqual([3, -2, 0.5, -8, -1, -0])
    expect([...parts.dot]).toEqual([1, -7.5, -1])
    expect([...parts.scaled]).toEqual([0.5, -3.75, -0.5])
    expect(parts.capped).toEqual(parts.scaled)
    expect([...parts.bias]).toEqual([0, 0, 0])
  })

  it('keeps scores within the cap', () => {
    const { capped } = scoreParts(q, keys, { ...plain, softCap: 2 }, of)
    ;[0.5, -3.75, -0.5].forEach((score, key) =>
      expect(capped[key]).toBeCloseTo(2 * Math.tanh(score / 2), 12)
    )
  })

  it('adds the slope of the head times the key, once scores are capped', () => {
    const alibi = { scale: 3, rounding: 'float32' } as const
    const { bias, capped } = scoreParts(q, keys, { ...plain, alibi, softCap: 2 }, of)
    // The second of eight slopes is 1/4.
    expect([...bias]).toEqual([0, 0.75, 1.5])
    expect(capped).toEqual(scoreParts(q, keys, { ...plain, softCap: 2 }, of).capped)
  })

  it('adds what the head has for the distance of each key', () => {
    const relative = { buckets: 4, furthest: 2 }
    // Buckets: the query's own place, one before it or more, one after it or more.
    const table = Float32Array.from({ length: 4 * 8 }, (_, i) => i)
    const { bias } = scoreParts(q, keys, { ...plain, relative }, of, table)
    expect([...bias]).toEqual([9, 1, 25])
    // What is further than the furthest is as that: of five keys, seen from the first and from the last.
    const more = Float32Array.from({ length: 10 }, (_, i) => i)
    const from = (query: number) => [
      ...scoreParts(q, more, { ...plain, relative }, { ...of, query }, table).bias
    ]
    expect(from(0)).toEqual([1, 25, 25, 25, 25])
    expect(from(4)).toEqual([9, 9, 9, 9, 1])
  })
})
