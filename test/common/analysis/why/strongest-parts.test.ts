import { describe, expect, it } from 'vitest'
import {
  ablationAgrees,
  givesFarMore,
  strongestParts,
  type Part
} from '#common/analysis/why/strongest-parts.ts'

const head = (direct: number, index = 0): Part => ({ kind: 'head', layer: 1, index, direct })

describe('the strongest parts', () => {
  it('are those of the largest magnitudes, of either sign', () => {
    const parts = [head(1, 0), head(-4, 1), head(3, 2), head(-0.5, 3)]
    expect(strongestParts(parts, 2).map(({ index }) => index)).toEqual([1, 2])
    expect(strongestParts(parts, 9)).toHaveLength(4)
  })
})

describe('a part gives far more', () => {
  const held = (direct: number, kind: readonly number[], all = kind, difference = direct) =>
    givesFarMore(head(direct), { kind, all, difference })

  /** Their usual magnitude is 1. */
  const others = [-1, 1, 0.5, -0.25, 900, -9, 1]

  it.each([
    [19.9, false],
    [20.1, true],
    [-20.1, true]
  ])('than is usual of its kind: %f, %s', (direct, isMore) => {
    expect(held(direct, others)).toBe(isMore)
    // Others of other kinds, and how large the difference is, are no matter.
    expect(held(direct, others, [...others, 999], 9999)).toBe(isMore)
  })

  it('of an even number of others than the mean of the two in the middle', () => {
    expect(held(39.9, [1, 1, 1, 3, 3, 3])).toBe(false)
    expect(held(40.1, [3, 1, 3, 1, 1, 3])).toBe(true)
  })

  it.each([
    [[], [], 1, 1, true],
    // Of five others the usual is 0.
    [[0, 0, 0, 0, 2], [0, 0, 0, 0, 2], 19, 19, false],
    [[0, 0, 0, 0, 2], [0, 0, 0, 0, 2], 20.1, 20.1, true],
    [[0.1], [0.1, -2, 0.5], 19.9, 19.9, false],
    [[0.1], [0.1, -2, 0.5], 20.1, 20.1, true],
    [[0.1], [0.1, -2, 0.5], -20.1, -20.1, true],
    // Less than half of the difference, or the other way.
    [[0.1], [0.1, 1], 20, 40, true],
    [[0.1], [0.1, 1], 20, 41, false],
    [[0.1], [0.1, 1], 20, -20, false]
  ])(
    'where few are of its kind (%j) than any other (%j): %f of %f, %s',
    (kind, all, direct, difference, isMore) => {
      expect(held(direct, kind, all, difference)).toBe(isMore)
    }
  )

  it('never where it is a neuron', () => {
    expect(
      givesFarMore({ kind: 'neuron', direct: 99 }, { kind: others, all: others, difference: 99 })
    ).toBe(false)
  })
})

describe('ablation agrees', () => {
  it.each([
    [8, 8, true],
    [-8, -8, true],
    [-8, 8, false],
    [8, 4.1, true],
    [8, 3.9, false],
    [8, 15.9, true],
    [8, 16.1, false],
    [8, NaN, false]
  ])('with %f where the number falls by %f: %s', (direct, ablation, agrees) => {
    expect(ablationAgrees(direct, ablation)).toBe(agrees)
  })
})
