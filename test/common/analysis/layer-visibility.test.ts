import { describe, expect, it } from 'vitest'
import { layerVisibility } from '#common/analysis/layer-visibility.ts'

describe('layerVisibility', () => {
  const windowed = [
    { causal: true, reach: null },
    { causal: true, reach: 3 }
  ]
  it.each([
    [{ visibility: windowed, predicts: 'next' }, 1, { causal: true, reach: 3 }],
    [{ visibility: windowed, predicts: 'labels' }, 0, { causal: true, reach: null }],
    [{ visibility: null, predicts: 'next' }, 1, { causal: true, reach: null }],
    [{ visibility: null, predicts: 'masked' }, 1, { causal: false, reach: null }],
    [{ visibility: null, predicts: 'labels' }, 1, null],
    [{ visibility: null, predicts: null }, 1, null]
  ] as const)('of %j at layer %i is %j', (facts, layer, expected) => {
    expect(layerVisibility(facts, layer)).toEqual(expected)
  })
})
