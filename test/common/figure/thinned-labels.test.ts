import { describe, expect, it } from 'vitest'
import { thinnedLabels, type WantedLabel } from '#common/figure/thinned-labels.ts'

const label = (x: number, y: number, width = 40): WantedLabel => ({ x, y, width, height: 12 })

describe('labels', () => {
  it('stand where none covers another, the first ones before others', () => {
    // The second is over the first, the third beside it with room between, the fourth below it.
    expect(thinnedLabels([label(0, 0), label(30, 5), label(50, 0), label(10, 16)])).toEqual([
      0, 2, 3
    ])
    // Too near: there is to be a gap.
    expect(thinnedLabels([label(0, 0), label(45, 0)])).toEqual([0])
    expect(thinnedLabels([label(0, 0), label(0, 14)])).toEqual([0])
  })

  it('are found over one another wherever they begin', () => {
    // Of these a long one lies over several squares of the search.
    expect(thinnedLabels([label(-130, 63, 400), label(250, 66, 10), label(290, 66, 10)])).toEqual([
      0, 2
    ])
  })

  it('are as many as may stand', () => {
    const many = Array.from({ length: 50 }, (_, i) => label(100 * i, 0))
    expect(thinnedLabels(many)).toHaveLength(50)
    expect(thinnedLabels(many, 7)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('of a crowd stand as in a comparison of each with each', () => {
    let seed = 1
    const next = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
    const crowd = Array.from({ length: 600 }, () =>
      label(next() * 800 - 100, next() * 500 - 50, 10 + next() * 90)
    )
    const stand: number[] = []
    crowd.forEach((own, i) => {
      const covered = stand.some(at => {
        const other = crowd[at]!
        return (
          own.x < other.x + other.width + 8 &&
          other.x < own.x + own.width + 8 &&
          Math.abs(own.y - other.y) < 15
        )
      })
      if (!covered) stand.push(i)
    })
    expect(thinnedLabels(crowd)).toEqual(stand)
    expect(stand.length).toBeGreaterThan(50)
  })
})
