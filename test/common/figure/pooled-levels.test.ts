import { describe, expect, it } from 'vitest'
import { pooledLevels } from '#common/figure/pooled-levels.ts'

const size = 5
/** Some below zero, the furthest of each four at different corners. */
const values = Float32Array.from({ length: size * size }, (_, i) => ((i * 7) % 11) - 5)

/** What a level has at each place, by looking through all cells. */
function direct(cells: number, of: (part: number[]) => number): number[] {
  const side = Math.ceil(size / cells)
  return Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side) * cells, (i % side) * cells]
    const part: number[] = []
    for (let r = row; r < Math.min(size, row + cells); r++)
      for (let c = column; c < Math.min(size, column + cells); c++) part.push(values[r * size + c]!)
    return of(part)
  })
}

describe('the levels of a matrix', () => {
  it('have the mean of what each cell stands for, also at the end', () => {
    const levels = pooledLevels(values, size, 'mean')
    for (const cells of [2, 4]) {
      const means = direct(cells, part => part.reduce((sum, each) => sum + each, 0) / part.length)
      levels(cells).forEach((value, i) => expect(value).toBeCloseTo(means[i]!, 6))
    }
  })

  it('have the value furthest from zero', () => {
    const levels = pooledLevels(values, size, 'maximum')
    for (const cells of [2, 4]) {
      const extremes = direct(cells, part =>
        part.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0)
      )
      expect([...levels(cells)]).toEqual(extremes)
    }
  })

  it('are made once, and the first is the matrix', () => {
    const levels = pooledLevels(values, size, 'mean')
    expect(levels(2)).toBe(levels(2))
    expect(levels(1)).toBe(values)
  })
})
