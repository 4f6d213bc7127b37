import { describe, expect, it } from 'vitest'
import { ranked, scoredLess } from '#common/analysis/head-scores/ranking.ts'

const heads = [
  { layer: 0, head: 0, value: 0.25 },
  { layer: 0, head: 1, value: NaN },
  { layer: 1, head: 0, value: 0.5 },
  { layer: 1, head: 1, value: 0.25 }
]
const names = (own: typeof heads) => own.map(({ layer, head }) => `${layer}.${head}`)

describe('ranked heads', () => {
  it('have the highest first, equal ones by place, and those without a score at the end', () => {
    expect(names(ranked(heads, { lowestFirst: false, bound: null }))).toEqual([
      '1.0',
      '0.0',
      '1.1',
      '0.1'
    ])
  })

  it('have the lowest first where that is asked for, and those without a score at the end', () => {
    expect(names(ranked(heads, { lowestFirst: true, bound: null }))).toEqual([
      '0.0',
      '1.1',
      '1.0',
      '0.1'
    ])
  })

  it('are those that reach a bound: at least it, of the lowest at most it', () => {
    expect(names(ranked(heads, { lowestFirst: false, bound: 0.3 }))).toEqual(['1.0'])
    expect(names(ranked(heads, { lowestFirst: false, bound: 0.25 }))).toHaveLength(3)
    expect(names(ranked(heads, { lowestFirst: true, bound: 0.25 }))).toEqual(['0.0', '1.1'])
    expect(ranked(heads, { lowestFirst: false, bound: 0.6 })).toEqual([])
  })
})

describe('heads less others', () => {
  it('are those that are in both, by their places', () => {
    const less = [
      { layer: 1, head: 1, value: 1 },
      { layer: 0, head: 0, value: 0.125 },
      { layer: 9, head: 0, value: 1 }
    ]
    expect(scoredLess(heads, less)).toEqual([
      { layer: 0, head: 0, value: 0.125 },
      { layer: 1, head: 1, value: -0.75 }
    ])
  })
})
