import { describe, expect, it } from 'vitest'
import { standsOut, strongestParts, type Part } from '#common/analysis/why/strongest-parts.ts'

const head = (direct: number, index = 0): Part => ({ kind: 'head', layer: 1, index, direct })

describe('the strongest parts', () => {
  it('are those of the largest magnitudes, of either sign', () => {
    const parts = [head(1, 0), head(-4, 1), head(3, 2), head(-0.5, 3)]
    expect(strongestParts(parts, 2).map(({ index }) => index)).toEqual([1, 2])
    expect(strongestParts(parts, 9)).toHaveLength(4)
  })
})

describe('a part stands out', () => {
  /** Their usual magnitude is 1. */
  const others = [-1, 1, 0.5, -9, 1]

  it.each([
    [4.9, 4.9, false],
    [5.1, 5.1, true],
    [-5.1, -5.1, true],
    [-5.1, 5.1, false],
    [8, 4.1, true],
    [8, 3.9, false],
    [8, 15.9, true],
    [8, 16.1, false],
    [8, NaN, false]
  ])('that gives %f, and without which the number falls by %f: %s', (direct, ablation, stands) => {
    expect(standsOut(head(direct), ablation, others)).toBe(stands)
  })

  it('of an even number of others by the mean of the two in the middle', () => {
    expect(standsOut(head(9.9), 9.9, [1, 1, 3, 3])).toBe(false)
    expect(standsOut(head(10.1), 10.1, [3, 1, 3, 1])).toBe(true)
  })

  it('never where it is a neuron', () => {
    expect(standsOut({ kind: 'neuron', direct: 99 }, 99, others)).toBe(false)
  })
})
