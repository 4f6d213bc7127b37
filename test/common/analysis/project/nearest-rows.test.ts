import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { eachDistances, nearestRows } from '#common/analysis/project/nearest-rows.ts'

/** By the distances of all pairs, one by one; equal ones by index. */
function plainNearest(data: Float32Array, rows: number, width: number, count: number) {
  const row = (at: number) => data.subarray(at * width, (at + 1) * width)
  const all = Array.from({ length: rows }, (_, at) => row(at))
  return all.map((from, own) =>
    all
      .map((to, other) => ({
        other,
        distance: Math.sqrt(from.reduce((sum, x, i) => sum + (x - to[i]!) ** 2, 0))
      }))
      .filter(({ other }) => other !== own)
      .sort((a, b) => a.distance - b.distance || a.other - b.other)
      .slice(0, count)
  )
}

describe('nearest rows', () => {
  // Fewer than a tile, no whole tiles, more blocks than one, and rows of which a block holds eight.
  it.each([
    [4, 3, 3],
    [13, 5, 12],
    [1100, 6, 14],
    [30, 70_000, 4]
  ])('of %i rows of %i numbers are those of all pairs', (rows, width, count) => {
    const next = generator(2)
    // Far from the origin, where products alone would not tell them apart.
    const data = Float32Array.from({ length: rows * width }, () => 100 + next())
    const { indices, distances } = nearestRows(data, rows, width, count)
    plainNearest(data, rows, width, count).forEach((own, row) =>
      own.forEach(({ other, distance }, n) => {
        expect(indices[row * count + n]).toBe(other)
        expect(distances[row * count + n]).toBeCloseTo(distance, 9)
      })
    )
  })

  it('of rows that float32 does not tell apart are those of float64', () => {
    const next = generator(5)
    const around = Array.from({ length: 8 }, () => {
      const at = [next() - 0.5, next() - 0.5, next() - 0.5]
      return at.map(x => x / Math.hypot(...at))
    })
    const far = Array.from({ length: 12 }, (_, i) => [50 + i, 0, 0])
    const data = Float32Array.from([[0, 0, 0], ...around, ...far].flat())
    const { indices } = nearestRows(data, 21, 3, 3)
    const [expected] = plainNearest(data, 21, 3, 3)
    expect([...indices.subarray(0, 3)]).toEqual(expected!.map(({ other }) => other))
  })

  it('are told with the distances of some rows to all', () => {
    const seen: [number, number[]][] = []
    eachDistances(Float32Array.of(0, 0, 3, 4, -3, -4), 3, 2, [1, 0], (row, distances) =>
      seen.push([row, [...distances]])
    )
    expect(seen).toEqual([
      [1, [5, 0, 10]],
      [0, [0, 5, 5]]
    ])
  })

  it('of equal rows are these, at no distance', () => {
    const data = Float32Array.from([1, 1, 1, 9, 9, 9].flatMap(value => [value, -value]))
    const { indices, distances } = nearestRows(data, 6, 2, 2)
    expect([...indices.subarray(0, 6)]).toEqual([1, 2, 0, 2, 0, 1])
    expect([...distances]).toEqual(Array(12).fill(0))
  })

  it('tell how far they are', () => {
    const seen: number[] = []
    nearestRows(new Float32Array(3000), 3000, 1, 1, (done, total) => seen.push(done / total))
    expect(seen).toEqual([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
  })
})
