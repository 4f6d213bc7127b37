import { describe, expect, it } from 'vitest'
import { drawnLines } from '#common/figure/drawn-lines.ts'

const causal = { causal: true, reach: null }
/** Two heads of three tokens. */
const patterns = [
  Float32Array.of(...[1, 0, 0], ...[0.25, 0.75, 0], ...[0.5, 0.125, 0.375]),
  Float32Array.of(...[1, 0, 0], ...[0.5, 0.5, 0], ...[0, 0.0625, 0.9375])
]
const drawn = (of: Parameters<typeof drawnLines>[3], least: number, most = 100) =>
  drawnLines(patterns, 3, causal, of, least, most)
const told = ({ lines }: ReturnType<typeof drawnLines>) =>
  lines.map(({ head, query, key, weight }) => [head, query, key, weight])

describe('the lines that are drawn', () => {
  it('are those of a query, the strongest last, and what is left out is counted', () => {
    const found = drawn({ side: 'query', position: 2 }, 0.25)
    expect(told(found)).toEqual([
      [0, 2, 2, 0.375],
      [0, 2, 0, 0.5],
      [1, 2, 2, 0.9375]
    ])
    expect(found.left).toBe(2)
    // Rows sum to 1, of each head.
    expect(found.leftShare).toBeCloseTo((0.125 + 0.0625) / 2, 6)
  })

  it('are those of a key, from the queries that see it', () => {
    expect(told(drawn({ side: 'key', position: 1 }, 0.1))).toEqual([
      [0, 2, 1, 0.125],
      [1, 1, 1, 0.5],
      [0, 1, 1, 0.75]
    ])
  })

  it('are those of the queries on screen, to whichever keys', () => {
    const found = drawn({ from: 2, to: 3 }, 0.2)
    expect(told(found)).toEqual([
      [0, 2, 2, 0.375],
      [0, 2, 0, 0.5],
      [1, 2, 2, 0.9375]
    ])
    expect(found.left).toBe(2)
    expect(told(drawn({ from: -5, to: 99 }, 0))).toHaveLength(11)
  })

  it('are no more than can be seen, of which the strongest', () => {
    const found = drawn({ from: 0, to: 3 }, 0, 2)
    expect(told(found).map(([, , , weight]) => weight)).toEqual([1, 1])
    expect(found.left).toBe(9)
    expect(found.leftShare).toBeCloseTo(4 / 6, 6)
  })

  it('follow a window, and take all where it is not known what a query sees', () => {
    const ones = [new Float32Array(9).fill(1)]
    const near = { causal: false, reach: 1 }
    const of = { from: 0, to: 1 }
    expect(drawnLines(ones, 3, near, of, 0, 99).lines).toHaveLength(2)
    expect(drawnLines(ones, 3, null, of, 0, 99).lines).toHaveLength(3)
    expect(drawnLines(ones, 3, null, { side: 'query', position: 0 }, 0, 99).lines).toHaveLength(3)
    const nothing = drawnLines(ones, 3, near, { side: 'key', position: 0 }, 2, 99)
    expect(nothing).toEqual({ lines: [], left: 3, leftShare: 1 })
  })

  it('are of differences those furthest from zero, also below it', () => {
    const less = patterns[0]!.map((weight, i) => weight - patterns[1]![i]!)
    const found = drawnLines([less], 3, causal, { from: 0, to: 3 }, 0.25, 100)
    expect(told(found)).toEqual([
      [0, 1, 0, -0.25],
      [0, 1, 1, 0.25],
      [0, 2, 0, 0.5],
      [0, 2, 2, -0.5625]
    ])
    expect(found.left).toBe(1)
    expect(found.leftShare).toBeCloseTo(0.0625 / (0.5 + 0.5 + 0.0625 + 0.5625), 6)
    const few = drawnLines([less], 3, causal, { from: 0, to: 3 }, 0.25, 2)
    expect(few.left).toBe(3)
    expect(few.leftShare).toBeCloseTo((0.0625 + 0.25 + 0.25) / (0.5 + 0.5 + 0.0625 + 0.5625), 6)
  })
})
