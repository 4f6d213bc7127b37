import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { darkScreen } from '#common/figure/look.ts'
import { shadingLook, shadingOf } from '#common/figure/views/predictions-figures.ts'
import { meanSurprisal } from '../../../../src/renderer/src/views/predictions/standings.ts'

const pos = (data: Float64Array) => ({ axes: ['pos'], data, unit: '', about: '' })
const result = dataset(
  { pos: axis(3) },
  { rank: pos(Float64Array.of(NaN, 0, 9)), surprisal: pos(Float64Array.of(NaN, 1, 2)) }
)
const look = {
  ...darkScreen,
  ...({ colorMap: 'magma', scale: 'sqrt', follows: true, pooling: 'mean' } as const)
}

describe('shades of tokens', () => {
  it('are their values, of ranks their place, the first without a shade', () => {
    const ranks = shadingOf(result, 'rank', 1000)
    expect([...ranks.weights]).toEqual([NaN, 0, expect.closeTo(1 / 3, 6)])
    expect(ranks).toMatchObject({
      unit: 'rank, counted from 0',
      ranks: 1000,
      extent: { low: 0, high: 9 }
    })
    expect([...shadingOf(result, 'surprisal', 1000).weights]).toEqual([NaN, 1, 2])
  })

  it('go to the highest value, or to all that may be, where that is known', () => {
    const range = (shade: Parameters<typeof shadingLook>[1], follows: boolean) =>
      shadingLook({ ...look, follows }, shade, { low: 0, high: 3 }, 100).range.high
    expect(range('surprisal', true)).toBe(3)
    expect(range('surprisal', false)).toBe(3)
    expect(range('entropy', false)).toBeCloseTo(Math.log(100), 12)
    expect(range('probability', false)).toBe(1)
    expect(range('rank', true)).toBe(1)
    expect(shadingLook(look, 'entropy', { low: 0, high: 3 }, 9).scale).toBe('linear')
    expect(shadingLook(look, 'probability', { low: 0, high: 1 }, 9).scale).toBe('sqrt')
  })
})

describe('mean surprisal', () => {
  it('is over what is told, and the perplexity its exponential', () => {
    const { mean, perplexity, count } = meanSurprisal([NaN, Math.log(2), Math.log(8)])!
    expect([mean, perplexity, count]).toEqual([
      expect.closeTo(Math.log(4), 12),
      expect.closeTo(4, 12),
      2
    ])
    expect(meanSurprisal([NaN])).toBeNull()
  })
})
