import { describe, expect, it } from 'vitest'
import { naturalLog } from '#common/analysis/natural-log.ts'

describe('naturalLog', () => {
  it('is ln to 3e-8 over all weights that a pattern holds', () => {
    const value = new Float32Array(1)
    const bits = new Uint32Array(value.buffer)
    for (let i = 0; i < 100_000; i++) {
      value[0] = 2 ** (-24 * (i / 100_000)) * (1 - (i % 7) / 1000)
      expect(Math.abs(naturalLog(bits[0]!) - Math.log(value[0]))).toBeLessThan(3.1e-8)
    }
  })
})
