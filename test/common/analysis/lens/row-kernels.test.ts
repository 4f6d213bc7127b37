import { expect, it } from 'vitest'
import { rowKernels } from '#common/analysis/lens/row-kernels.ts'

it('shares are e to the power of numbers less the highest, within 2e-7 of themselves, and none below e^−87', () => {
  const kernels = rowKernels()
  const floats = new Float32Array(kernels.memory.buffer)
  const count = 4096
  const most = 3
  const row = Float32Array.from({ length: count }, (_, i) => most - (100 * i) / count)
  floats.set(row, 0)
  kernels.shares(0, count / 4, most, count * 4)
  const [shifted, shares] = [floats.subarray(0, count), floats.subarray(count, 2 * count)]
  for (const [i, x] of shifted.entries()) {
    expect(x).toBe(Math.fround(row[i]! - most))
    const whole = Math.exp(x)
    if (x < -87) expect(shares[i], `e^${x}`).toBe(0)
    else expect(Math.abs(shares[i]! / whole - 1), `e^${x}`).toBeLessThan(2e-7)
  }
})
