import { describe, expect, it } from 'vitest'
import { groupingOf } from '#common/analysis/head-distances/grouping.ts'
import { headGroups, tellingScore } from '#common/analysis/head-distances/head-groups.ts'

describe('groups of heads', () => {
  // Two near ones, two that are at one place, one far away.
  const places = [10, 0, 11, 0, 40]
  const distances = Float64Array.from(places.flatMap(a => places.map(b => Math.abs(a - b))))
  const { merges, leaves } = groupingOf(distances, 5)

  it('are numbered along the leaves, and part between two heights', () => {
    const { groups, groupOf, cut } = headGroups({ merges, leaves }, 3)
    expect(groups.map(own => own.toSorted())).toEqual([[4], [1, 3], [0, 2]])
    expect(groups.flat()).toEqual(leaves)
    expect([...groupOf]).toEqual([2, 1, 2, 1, 0])
    // Above the near pair's 1, below what joins both pairs: √(2 · 2 · 2/4) · 10.5.
    expect(cut).toBeCloseTo((1 + Math.SQRT2 * 10.5) / 2, 9)
  })

  it('are one without a cut, and as many as heads', () => {
    expect(headGroups({ merges, leaves }, 1)).toMatchObject({ cut: null })
    const all = headGroups({ merges, leaves }, 24)
    expect(all.groups).toHaveLength(5)
    expect(all.cut).toBe(0)
  })

  it('does not part what is joined at equal heights', () => {
    const even = Float64Array.of(0, 1, 1, 1, 0, 1, 1, 1, 0)
    const own = groupingOf(even, 3)
    // Of a triangle two are joined at 1, the third at √(4/3 − 1/3 + …): none is cut apart at will.
    expect(headGroups(own, 2).groups.flat()).toEqual(own.leaves)
  })
})

describe('the score that tells a group', () => {
  it('is the one furthest apart in standard deviations', () => {
    const scores = [
      [100, 110, 90, 100],
      [0.6, 0.62, 0.1, 0.08],
      [1, 1, 1, 1]
    ]
    const found = tellingScore(scores, [0, 1])
    expect(found?.score).toBe(1)
    expect(found?.own).toBeCloseTo(0.61)
    expect(found?.rest).toBeCloseTo(0.09)
    const large = [
      [0, 0.02, 0.01, 0.03],
      [500, 510, 100, 110]
    ]
    expect(tellingScore(large, [0, 1])?.score).toBe(1)
  })

  it('leaves out what is not known, and is none of all heads', () => {
    expect(tellingScore([[NaN, 1, 3, 3]], [0, 1])).toEqual({ score: 0, own: 1, rest: 3 })
    expect(tellingScore([[NaN, NaN, 3, 3]], [0, 1])).toBe(null)
    expect(tellingScore([[1, 2]], [0, 1])).toBe(null)
  })
})
