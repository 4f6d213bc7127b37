import { describe, expect, it } from 'vitest'
import { extent, heatMapPixels, rangeOf } from '#common/figure/heat-map-pixels.ts'

/** Red counts the step, so that a pixel tells which entry of the table it took. */
const table = Uint8Array.from({ length: 768 }, (_, i) => (i % 3 === 0 ? i / 3 : 0))
const look = { table, scale: 'linear', range: { low: 0, high: 1 } } as const

describe('heatMapPixels', () => {
  it('takes each colour from the table, clamped to the range', () => {
    const pixels = heatMapPixels(Float32Array.of(0, 0.5, 1, 3), 2, 2, look)
    expect([...pixels].filter((_, i) => i % 4 === 0)).toEqual([0, 128, 255, 255])
    expect([...pixels].filter((_, i) => i % 4 === 3)).toEqual([255, 255, 255, 255])
  })

  it('leaves masked cells and NaN transparent', () => {
    const values = Float32Array.of(1, 1, NaN, 1)
    const pixels = heatMapPixels(values, 2, 2, look, row => ({ start: 0, end: row + 1 }))
    expect([...pixels].filter((_, i) => i % 4 === 3)).toEqual([255, 0, 0, 255])
  })

  it('applies the scale inside the range', () => {
    const range = { low: 0, high: 0.25 }
    const pixels = heatMapPixels(Float32Array.of(0.0625), 1, 1, { table, scale: 'sqrt', range })
    expect(pixels[0]).toBe(128)
  })
})

const causal = { causal: true, reach: null }

describe('extent', () => {
  it('looks only at the cells that hold a value', () => {
    const values = Float32Array.of(0.9, 9, 0.25, 0.75)
    expect(extent(values, 2, 2, causal)).toEqual({ low: 0.25, high: 0.75 })
    expect(extent(values, 2, 2, { causal: false, reach: 1 })).toEqual({ low: 0.25, high: 9 })
    expect(extent(values, 2, 2, null)).toEqual({ low: 0.25, high: 9 })
    // Of the first key hidden, the second query sees one key alone.
    const three = Float32Array.of(9, 9, 9, 0, 1, 9, 0, 0.25, 0.75)
    expect(extent(three, 3, 3, causal, true)).toEqual({ low: 0.25, high: 0.75 })
    expect(extent(Float32Array.of(NaN), 1, 1, null)).toEqual({ low: 0, high: 1 })
  })
})

describe('rangeOf', () => {
  it('is centred at zero for differences, also where nothing differs', () => {
    expect(rangeOf({ low: -0.1, high: 0.2 }, 'difference')).toEqual({ low: -0.2, high: 0.2 })
    expect(rangeOf({ low: 0, high: 0.2 }, 'difference')).toEqual({ low: -0.2, high: 0.2 })
    expect(rangeOf({ low: 0, high: 0 }, 'difference')).toEqual({ low: -1, high: 1 })
  })

  it('begins at zero for weights', () => {
    expect(rangeOf({ low: 0.1, high: 0.2 }, 'weight')).toEqual({ low: 0, high: 0.2 })
    expect(rangeOf({ low: 0, high: 0 }, 'weight')).toEqual({ low: 0, high: 1 })
  })
})
