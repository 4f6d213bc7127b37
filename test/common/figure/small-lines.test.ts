import { describe, expect, it } from 'vitest'
import {
  highestWeights,
  leastWeight,
  mapsLess,
  mostLines,
  smallLines,
  type LayerMaps
} from '#common/figure/small-lines.ts'

/** Two heads of two rows: itself, and the first. */
const layer: LayerMaps = {
  layer: 3,
  maps: { shape: [2, 2, 2], data: Float32Array.of(1, 0, 0.01, 0.99, 1, 0, 0.75, 0.25) },
  tokens: 2,
  visibility: { causal: true, reach: null },
  firstHidden: false
}
const one = () => 1
const told = (all: ReturnType<typeof smallLines>) =>
  all.map(({ lines }) => lines.map(({ query, key }) => [query, key]))

describe('the lines of a layer', () => {
  it('are of each head the strongest, without those that are too faint to tell anything', () => {
    const [itself, first] = smallLines(layer, null, one)
    expect(told([itself!, first!])).toEqual([
      [
        [1, 1],
        [0, 0]
      ],
      [
        [1, 1],
        [1, 0],
        [0, 0]
      ]
    ])
    expect(itself!.lines.every(({ weight }) => weight >= leastWeight)).toBe(true)
    expect(itself).toMatchObject({ layer: 3, head: 0, rows: 2 })
  })

  it('are most opaque at the weight that is said of their head, such as its highest', () => {
    // The first query sees itself alone: its weight tells nothing.
    expect(highestWeights(layer)).toEqual([Math.fround(0.99), 0.75])
    const high = (layer: number, head: number) => layer + head / 10
    expect(smallLines(layer, null, high).map(({ high }) => high)).toEqual([3, 3.1])
  })

  it('are those of a query alone, of the row that stands for it where the text is pooled', () => {
    expect(told(smallLines(layer, 0, one))).toEqual([[[0, 0]], [[0, 0]]])
    const pooled = { ...layer, tokens: 7 }
    expect(told(smallLines(pooled, 3, one))[1]).toEqual([[0, 0]])
    expect(told(smallLines(pooled, 4, one))[1]).toEqual([
      [1, 1],
      [1, 0]
    ])
  })

  it('are no more than can be told apart', () => {
    const rows = 48
    const ones = { shape: [1, rows, rows], data: new Float32Array(rows * rows).fill(0.5) }
    const [head] = smallLines({ ...layer, maps: ones, tokens: rows }, null, one)
    expect(head!.lines).toHaveLength(mostLines)
  })

  it('are of one less another where heads of both are there', () => {
    const others = { shape: [1, 2, 2], data: Float32Array.of(1, 0, 0.5, 0.5) }
    const less = { ...layer, maps: mapsLess(layer.maps, others) }
    expect(less.maps.shape).toEqual([1, 2, 2])
    const [only] = smallLines(less, null, one)
    expect(only!.lines.map(({ key, weight }) => [key, weight])).toEqual([
      [0, expect.closeTo(-0.49, 6)],
      [1, expect.closeTo(0.49, 6)]
    ])
    const [high] = highestWeights({ ...less, maps: mapsLess(others, layer.maps) })
    expect(high).toBeCloseTo(0.49, 6)
  })
})
