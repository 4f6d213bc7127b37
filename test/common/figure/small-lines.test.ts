import { describe, expect, it } from 'vitest'
import {
  highestWeights,
  linesOfRow,
  layerLess,
  smallLines,
  type LayerMaps
} from '#common/figure/small-lines.ts'
import { modelLinesNote } from '#common/figure/views/model-lines-figure.ts'

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
    const faint = { shape: [1, 2, 2], data: Float32Array.of(1, 0, 0.019, 0.021) }
    expect(told(smallLines({ ...layer, maps: faint }, null, one))[0]).toEqual([
      [1, 1],
      [0, 0]
    ])
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

  it('are no more than can be told apart, the strongest of each row', () => {
    const rows = 48
    // Early rows are stronger; of each its own place is the strongest.
    const data = Float32Array.from({ length: rows * rows }, (_, i) => {
      const [query, key] = [Math.floor(i / rows), i % rows]
      return 0.9 - query / 100 - Math.abs(query - key) / 200
    })
    const maps = { shape: [1, rows, rows], data }
    const [head] = smallLines({ ...layer, maps, tokens: rows }, null, one)
    const of = (row: number) => head!.lines.filter(({ query }) => query === row)
    expect(head!.lines).toHaveLength(3 * rows)
    expect(of(47).map(({ key }) => key)).toEqual([45, 46, 47])
    expect(
      of(0)
        .map(({ key }) => key)
        .sort()
    ).toEqual([0, 1, 2])
    const strengths = head!.lines.map(({ weight }) => weight)
    expect(strengths).toEqual(strengths.toSorted((a, b) => a - b))
    // Of one query alone there are all.
    expect(smallLines({ ...layer, maps, tokens: rows }, 7, one)[0]!.lines).toHaveLength(rows)
  })

  it('have 48 rows at most, as their note says', () => {
    const way = { mirrored: false, firstHidden: false }
    expect(modelLinesNote(48, 'mean', way)).not.toContain('pooled')
    expect(modelLinesNote(49, 'mean', way)).toContain('49 tokens pooled to 25 rows by the mean')
  })

  it.each([
    [10, 15],
    [48, 3]
  ])('of %d rows are %d of each', (rows, each) => {
    expect(linesOfRow(rows)).toBe(each)
  })

  it('are of one less another where heads of both are there', () => {
    const others = { shape: [1, 2, 2], data: Float32Array.of(1, 0, 0.5, 0.5) }
    const less = layerLess(layer, { ...layer, maps: others })
    expect(less.maps.shape).toEqual([1, 2, 2])
    const [only] = smallLines(less, null, one)
    expect(only!.lines.map(({ key, weight }) => [key, weight])).toEqual([
      [0, expect.closeTo(-0.49, 6)],
      [1, expect.closeTo(0.49, 6)]
    ])
    const [high] = highestWeights(layerLess({ ...layer, maps: others }, layer))
    expect(high).toBeCloseTo(0.49, 6)
    // Further below zero than above it.
    const [far] = highestWeights({
      ...layer,
      maps: { shape: [1, 2, 2], data: Float32Array.of(0, 0, -0.75, 0.25) }
    })
    expect(far).toBe(0.75)
  })
})
