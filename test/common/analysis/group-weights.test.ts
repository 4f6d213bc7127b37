import { describe, expect, it } from 'vitest'
import { groupWeights, strongestGroups } from '#common/analysis/group-weights.ts'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'

const groups = [
  { start: 0, end: 1 },
  { start: 1, end: 3 },
  { start: 3, end: 4 }
]
/** Rows sum to 1; the query sees what is not later. */
const causal = Float32Array.of(
  ...[1, 0, 0, 0],
  ...[0.25, 0.75, 0, 0],
  ...[0.5, 0.25, 0.25, 0],
  ...[0.125, 0.125, 0.25, 0.5]
)
const of = {
  pattern: causal,
  size: 4,
  visibility: { causal: true, reach: null },
  firstHidden: false
}

/** The whole merged pattern by matrices of members: M_q A M_kᵀ. */
function merged(pattern: Float32Array, size: number): number[][] {
  const member = groups.map(({ start, end }) =>
    Array.from({ length: size }, (_, i) => (i >= start && i < end ? 1 : 0))
  )
  return member.map(queries =>
    member.map(keys => {
      let sum = 0
      for (let q = 0; q < size; q++)
        for (let k = 0; k < size; k++) sum += queries[q]! * keys[k]! * pattern[q * size + k]!
      return sum / queries.reduce<number>((count, one) => count + one, 0)
    })
  )
}

describe('attention between groups', () => {
  const whole = merged(causal, 4)

  it('from one is the sum over keys and the mean over queries, and sums to 1', () => {
    for (const own of [0, 1, 2]) {
      const weights = groupWeights(of, groups, own, 'from')
      expect([...weights].map(weight => (Number.isNaN(weight) ? 0 : weight))).toEqual(whole[own])
      expect(weights.reduce((sum, weight) => sum + (weight || 0), 0)).toBeCloseTo(1, 6)
    }
  })

  it('to one is the same, read the other way', () => {
    for (const own of [0, 1, 2]) {
      const weights = groupWeights(of, groups, own, 'to')
      expect([...weights].map(weight => weight || 0)).toEqual(whole.map(row => row[own]))
    }
  })

  it('is not defined where nothing is seen, and zero where it is seen and not attended to', () => {
    expect([...groupWeights(of, groups, 1, 'from')]).toEqual([0.375, 0.625, NaN])
    expect([...groupWeights(of, groups, 2, 'to')]).toEqual([NaN, NaN, 0.5])
    const unseen = { ...of, visibility: null }
    expect([...groupWeights(unseen, groups, 1, 'from')]).toEqual([0.375, 0.625, 0])
    const hidden = groupWeights({ ...of, firstHidden: true }, groups, 1, 'from')
    expect([...hidden]).toEqual([NaN, 0.625, NaN])
    const near = { causal: false, reach: 1 }
    const { data } = uniformPattern(4, near)
    const windowed = { ...of, pattern: data, visibility: near }
    expect(groupWeights(windowed, groups, 0, 'to')[2]).toBeNaN()
    expect(groupWeights(windowed, groups, 0, 'to')[1]).toBeCloseTo(1 / 6, 6)
  })
})

describe('the strongest groups', () => {
  it('are the highest, in order, without zeros and what is not defined', () => {
    const weights = Float32Array.of(0.25, NaN, 0.5, 0, 0.125, 0.5)
    expect(strongestGroups(weights, 3)).toEqual([
      { group: 2, weight: 0.5 },
      { group: 5, weight: 0.5 },
      { group: 0, weight: 0.25 }
    ])
    expect(strongestGroups(weights, 9)).toHaveLength(4)
    expect(strongestGroups(Float32Array.of(NaN, 0), 3)).toEqual([])
  })

  it('of a difference are those farthest from zero', () => {
    expect(strongestGroups(Float32Array.of(0.25, -0.5, 0.125, -0.0625), 3)).toEqual([
      { group: 1, weight: -0.5 },
      { group: 0, weight: 0.25 },
      { group: 2, weight: 0.125 }
    ])
  })
})
