import { describe, expect, it } from 'vitest'
import { extent } from '#common/figure/heat-map-pixels.ts'
import { extentInTurns } from '../../../src/renderer/src/ui/attention-map/extent-in-turns.ts'

/** Takes three turns. */
const size = 1500
const values = Float32Array.from({ length: size * size }, (_, i) => ((i * 31) % 1009) / 1009)
const causal = { causal: true, reach: null }

describe('the range of a long pattern', () => {
  it('is that of all of it, other work coming between', async () => {
    values[1400 * size + 1399] = 2
    values[3 * size + 2] = -1
    let others = 0
    const timer = setInterval(() => others++, 0)
    expect(await extentInTurns(values, size, causal, false)).toEqual({ low: -1, high: 2 })
    clearInterval(timer)
    expect(others).toBeGreaterThan(0)
    expect(await extentInTurns(values, size, { causal: true, reach: 9 }, true)).toEqual(
      extent(values, size, size, { causal: true, reach: 9 }, true)
    )
  })

  it('is from 0 to 1 where nothing counts', async () => {
    expect(await extentInTurns(Float32Array.of(0.5), 1, causal, false)).toEqual({ low: 0, high: 1 })
  })
})
