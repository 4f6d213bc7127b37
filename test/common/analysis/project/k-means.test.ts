import { describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { kMeans } from '#common/analysis/project/k-means.ts'

const next = generator(3)
/** Around three corners, 6, 4 and 2 of them. */
const sizes = [6, 4, 2]
const corners = [
  [0, 0, 9],
  [9, 0, 0],
  [0, 9, 0]
]
const own = sizes.flatMap((size, corner) => Array<number>(size).fill(corner))
const data = Float32Array.from(own.flatMap(corner => corners[corner]!.map(at => at + next())))

/** Σ ‖x − own mean‖² of rows in groups. */
function within(rows: Float32Array, width: number, groups: readonly number[]): number {
  let sum = 0
  for (const group of new Set(groups)) {
    const members = [...groups.keys()].filter(row => groups[row] === group)
    for (let i = 0; i < width; i++) {
      const values = members.map(row => rows[row * width + i]!)
      const mean = values.reduce((all, value) => all + value, 0) / values.length
      for (const value of values) sum += (value - mean) ** 2
    }
  }
  return sum
}

describe('k-means', () => {
  it('finds clusters that part, the largest first, each with the row in its middle', () => {
    const found = kMeans(data, 3, { count: 3, seed: 0 })
    expect([...found.cluster]).toEqual(own)
    expect([...found.sizes]).toEqual(sizes)
    expect([...found.centres].map(row => own[row])).toEqual([0, 1, 2])
    expect(found.settled).toBe(true)
    const one = within(data, 3, Array<number>(12).fill(0))
    expect(found.between).toBeCloseTo(1 - within(data, 3, own) / one, 9)
    expect(found.between).toBeGreaterThan(0.98)
  })

  it('has in the middle of a cluster the first of equally near rows', () => {
    // The middle row joins either end, as the seed has it, and is then as near to their mean as that end.
    const found = [0, 1, 2, 3, 4, 5, 6, 7].map(seed =>
      kMeans(Float32Array.of(0, 2, 4), 1, { count: 2, seed })
    )
    for (const { cluster, centres } of found) {
      const pair = [0, 1, 2].filter(row => cluster[row] === 0)
      expect(pair).toHaveLength(2)
      expect(centres[0]).toBe(pair[0])
    }
  })

  it('gives a row that is equally near to two means to the first', () => {
    let tried = 0
    for (let seed = 0; seed < 20; seed++) {
      const draw = generator(seed)
      const first = Math.floor(draw() * 3)
      const far = 20 * draw()
      // One end was drawn, then the other: the middle row is as near to both.
      if (first === 1 || (first === 0 ? far < 4 : far >= 16)) continue
      tried++
      const { cluster } = kMeans(Float32Array.of(0, 2, 4), 1, { count: 2, seed })
      expect(cluster[1]).toBe(cluster[first])
    }
    expect(tried).toBeGreaterThan(5)
  })

  it('has of equally large clusters first the one that was drawn first', () => {
    for (let seed = 0; seed < 10; seed++) {
      const first = Math.floor(generator(seed)() * 4)
      const { cluster } = kMeans(Float32Array.of(0, 0, 9, 9), 1, { count: 2, seed })
      expect(cluster[first]).toBe(0)
    }
  })

  it('begins with rows that are far from all that were drawn before', () => {
    for (let seed = 0; seed < 20; seed++) {
      const three = kMeans(Float32Array.of(0, 0, 0, 5, 9, 9, 9), 1, { count: 3, seed })
      expect([...three.sizes]).toEqual([3, 3, 1])
    }
  })

  it('goes on until each row is nearest to the mean of its own cluster', () => {
    const rows = 40
    const flat = Float32Array.from({ length: rows }, () => next())
    for (let seed = 0; seed < 200; seed++) {
      const { cluster, settled, sizes } = kMeans(flat, 1, { count: 6, seed })
      expect(settled).toBe(true)
      const means = Array.from(sizes, (size, own) =>
        flat.reduce((sum, value, row) => sum + (cluster[row] === own ? value / size : 0), 0)
      )
      flat.forEach((value, row) => {
        const far = means.map(mean => Math.abs(value - mean))
        expect(far[cluster[row]!]).toBeCloseTo(Math.min(...far), 9)
      })
    }
  })

  it('finds means of 5,000 rows evenly from all, to which all others go', () => {
    // Every second row is looked at; of 50 in all one kind would be seen alone.
    const many = Float32Array.from({ length: 10_000 }, (_, row) =>
      row % 2 === 1 ? 100 : row % 200 === 0 ? 0 : 1
    )
    const { sizes, cluster } = kMeans(many, 1, { count: 2, seed: 0 })
    expect([...sizes]).toEqual([9950, 50])
    expect(cluster[1]).toBe(0)
  })

  it('comes from each seed to the best of all ways to part few rows in two', () => {
    const few = Float32Array.from({ length: 2 * 8 }, () => next())
    let best = Infinity
    for (let mask = 1; mask < 2 ** 7; mask++) {
      const groups = Array.from({ length: 8 }, (_, row) => (mask >> row) & 1)
      best = Math.min(best, within(few, 2, groups))
    }
    const reached = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(seed =>
      within(few, 2, [...kMeans(few, 2, { count: 2, seed }).cluster])
    )
    for (const value of reached) expect(value).toBeCloseTo(best, 9)
  })

  it('gives equal clusters for equal seeds, and as many as there are different rows', () => {
    const many = Float32Array.from({ length: 7000 * 2 }, () => next())
    const of = (seed: number) => kMeans(many, 2, { count: 5, seed })
    expect(of(1)).toEqual(of(1))
    // The best of several beginnings hangs little on where they are.
    expect(of(2).between).toBeCloseTo(of(1).between, 2)
    // Of more than 5,000 rows all have a cluster.
    expect(of(1).sizes.reduce((sum, size) => sum + size, 0)).toBe(7000)
    const same = kMeans(Float32Array.of(1, 1, 1, 2), 1, { count: 4, seed: 0 })
    expect([...same.cluster]).toEqual([0, 0, 0, 1])
    const none = kMeans(Float32Array.of(1, 1, 1), 1, { count: 2, seed: 0 })
    expect([...none.sizes]).toEqual([3])
    expect(none.between).toBeNaN()
  })
})
