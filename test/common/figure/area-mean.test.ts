import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areaMean } from '#common/figure/area-mean.ts'

const whole = (rows: number, columns: number) => ({ row: 0, column: 0, rows, columns })

describe('areaMean', () => {
  it('averages blocks where the sizes divide', () => {
    const values = Float32Array.from([1, 3, 5, 7, 1, 3, 5, 7, 0, 0, 8, 8, 0, 0, 8, 8])
    expect([...areaMean(values, 4, whole(4, 4), 2, 2)]).toEqual([2, 6, 0, 8])
  })

  it('weighs a cell by how much of it is covered', () => {
    const [left, right] = areaMean(Float32Array.of(1, 0, 0), 3, whole(1, 3), 1, 2)
    expect(left).toBeCloseTo(1 / 1.5, 6)
    expect(right).toBe(0)
  })

  it('repeats cells when there are more pixels than cells', () => {
    expect([...areaMean(Float32Array.of(1, 2), 2, whole(1, 2), 1, 4)]).toEqual([1, 1, 2, 2])
  })

  it('reads only the window', () => {
    const values = Float32Array.from([9, 9, 9, 9, 1, 3, 9, 5, 7])
    const window = { row: 1, column: 1, rows: 2, columns: 2 }
    expect([...areaMean(values, 3, window, 1, 1)]).toEqual([4])
  })

  it('keeps the mean of the whole matrix at any resolution', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 144, maxLength: 144 }),
        (size, out, numbers) => {
          const values = Float32Array.from(numbers.slice(0, size * size))
          const pooled = areaMean(values, size, whole(size, size), out, out)
          const mean = (list: Float32Array) => list.reduce((a, b) => a + b, 0) / list.length
          expect(mean(pooled)).toBeCloseTo(mean(values), 4)
        }
      )
    )
  })
})
