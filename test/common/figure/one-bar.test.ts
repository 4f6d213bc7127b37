import { describe, expect, it } from 'vitest'
import { paperLook, type Look } from '#common/figure/look.ts'
import { colorMeaning, haveOneBar, sharedMeaning } from '#common/figure/one-bar.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'magma', scale: 'sqrt', follows: true, shared: true, pooling: 'mean' },
  range: { low: 0, high: 1 }
}
const data = { quantity: 'weight', unit: null, firstHidden: false, mirrored: false }
const map = { kind: 'attention-map', data, look }

describe('what has one bar', () => {
  it('is of one kind, quantity, colours, scale and range, whichever way its text runs', () => {
    const others = [
      { ...map, data: { ...data, mirrored: true } },
      { ...map, kind: 'head-grid' },
      { ...map, data: { ...data, unit: 'gradient' } },
      // Its rows are of what is left.
      { ...map, data: { ...data, firstHidden: true } },
      { ...map, look: { ...look, colorMap: 'viridis' as const } },
      { ...map, look: { ...look, scale: 'linear' as const } },
      { ...map, look: { ...look, range: { low: 0, high: 0.5 } } },
      { ...map, look: { ...look, shared: false } }
    ]
    const have = others.map(other =>
      haveOneBar([map, other].map(one => ({ meaning: sharedMeaning(one) })))
    )
    expect(have).toEqual([true, false, false, false, false, false, false, false])
  })

  it('is not what is of ranks, of no colours, or alone', () => {
    for (const own of [
      { ...map, kind: 'token-grid', data: { ...data, ranks: 100 } },
      { ...map, kind: 'line-plot' }
    ]) {
      expect(colorMeaning(own)).toBeNull()
      expect(haveOneBar([own, own].map(one => ({ meaning: sharedMeaning(one) })))).toBe(false)
    }
    expect(haveOneBar([{ meaning: sharedMeaning(map) }])).toBe(false)
    expect(haveOneBar([])).toBe(false)
  })

  it('is what is kept with the bar of its last part', () => {
    const kept = (bars: readonly Look['bar'][]) =>
      haveOneBar(bars.map(bar => ({ meaning: null, bar })))
    expect(kept([false, false, undefined])).toBe(true)
    expect(kept([undefined, undefined])).toBe(false)
    expect(kept([false, false])).toBe(false)
  })
})
