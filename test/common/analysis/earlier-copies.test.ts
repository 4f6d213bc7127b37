import { describe, expect, it } from 'vitest'
import { earlierCopies } from '#common/analysis/earlier-copies.ts'

describe('earlierCopies', () => {
  it('lists where each token stood before', () => {
    const { places, starts, counts } = earlierCopies([5, 3, 5, 5, 3])
    const before = [...counts].map((count, pos) => [
      ...places.subarray(starts[pos], starts[pos]! + count)
    ])
    expect(before).toEqual([[], [], [0], [0, 2], [1]])
  })

  it('takes no more room for one token over and over', () => {
    const { places, counts } = earlierCopies(new Int32Array(100_000))
    expect(places.length).toBe(100_000)
    expect(counts.at(-1)).toBe(99_999)
  })
})
