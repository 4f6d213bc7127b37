import { describe, expect, it } from 'vitest'
import { layerOf, streamOf } from '../../../src/renderer/src/ui/stream-rows.ts'

describe('streams', () => {
  it('are of the block before them, the first of the residual stream of none', () => {
    expect([0, 1, 4].map(stream => layerOf('resid', stream))).toEqual([null, 0, 3])
    expect(layerOf('attn_out', 3)).toBe(3)
    for (const stream of [1, 4])
      expect(streamOf('resid', layerOf('resid', stream)!, false)).toBe(stream)
    expect([streamOf('resid', 0, true), streamOf('mlp_out', 0, true)]).toEqual([0, 0])
  })
})
