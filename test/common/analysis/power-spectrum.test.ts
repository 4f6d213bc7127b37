import { expect, it } from 'vitest'
import { powerSpectrum } from '#common/analysis/positions/power-spectrum.ts'

/** As it is defined. */
function defined(column: readonly number[], k: number): number {
  const n = column.length
  const mean = column.reduce((sum, value) => sum + value, 0) / n
  let [re, im] = [0, 0]
  column.forEach((value, t) => {
    re += (value - mean) * Math.cos((2 * Math.PI * k * t) / n)
    im -= (value - mean) * Math.sin((2 * Math.PI * k * t) / n)
  })
  return re * re + im * im
}

it.each([1, 2, 3, 8, 12, 15, 20])('of %i rows is what it is defined as, column by column', n => {
  const columns = [0, 1].map(c =>
    Array.from({ length: n }, (_, t) => Math.fround(Math.sin(3 * t + c) + 0.1 * t * c))
  )
  const power = powerSpectrum(
    Float32Array.from({ length: 2 * n }, (_, i) => columns[i % 2]![i >> 1]!),
    2
  )
  expect(power).toHaveLength(2 * (Math.floor(n / 2) + 1))
  power.forEach((value, i) => expect(value).toBeCloseTo(defined(columns[i % 2]!, i >> 1), 8))
})
