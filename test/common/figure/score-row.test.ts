import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MapPanel } from '#common/figure/figure-kind.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { keyPlaces, scoreRow, type ScoreRowData } from '#common/figure/score-row.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
} as const
const token = (text: string) => ({ piece: text, text, special: false })
const data: ScoreRowData = {
  title: 'a model · Head 0.1, query 2, key 0 · scores',
  tokens: [token('To'), token(' '), token('be'), token(',')],
  scores: [1, -1, 0, -Infinity],
  weights: [0.665, 0.09, 0.245, 0],
  logsumexp: 1.408,
  mirrored: false,
  selected: 0,
  hovered: 2
}
const size = { width: 246, height: 330, ratio: 1 }
const panel = (own: Partial<ScoreRowData> = {}, width = size.width) =>
  scoreRow.panel({ ...data, ...own }, look, { ...size, width }) as MapPanel

/** Heights of the bars of weights, by where they begin. */
function barHeights({ marks }: MapPanel, fill: string): number[] {
  return marks.flatMap(mark =>
    mark.kind === 'rect' && mark.fill === fill && mark.height !== 3 ? [mark.height] : []
  )
}

describe('scoreRow', () => {
  it('is this picture', async () => {
    await expect(panelSvg(panel())).toMatchFileSnapshot(join(import.meta.dirname, 'score-row.svg'))
  })

  it('has its numbers in the letters of other figures, whose minus is no hyphen', () => {
    const numbers = panel().marks.filter(
      mark => mark.kind === 'text' && /^[−\d.]+$/.test(mark.text)
    )
    expect(numbers).toHaveLength(4)
    for (const mark of numbers) expect(mark).toMatchObject({ font: look.sans })
  })

  it('has bars as high as their weights, the selected one in the accent', () => {
    const [selected] = barHeights(panel({ hovered: null }), look.accent).filter(
      height => height > 1
    )
    const others = barHeights(panel({ hovered: null }), look.series[1]!)
    expect(others[0]! / selected!).toBeCloseTo(0.09 / 0.665, 6)
    expect(others[1]! / selected!).toBeCloseTo(0.245 / 0.665, 6)
  })

  it('runs from right to left where the text does', () => {
    const places = keyPlaces(data, size)
    expect([0, 1, 3].map(places.xOf)).toEqual([44, 80, 152])
    const mirrored = keyPlaces({ ...data, mirrored: true }, size)
    expect([0, 1, 3].map(mirrored.xOf)).toEqual([152, 116, 44])
    for (const { xOf, keyAt } of [places, mirrored]) {
      expect([0, 1, 2, 3].map(key => keyAt(xOf(key) + 1))).toEqual([0, 1, 2, 3])
      expect([keyAt(43), keyAt(189)]).toEqual([null, null])
    }
  })

  it('shows the highest of keys that share a pixel', () => {
    const many = 4000
    const weights = Array.from({ length: many }, (_, key) => (key === 1234 ? 1 : 0))
    const long = {
      tokens: weights.map(() => token('a')),
      scores: weights.map(weight => (weight === 1 ? 9 : 0)),
      weights,
      logsumexp: 9.37,
      selected: null,
      hovered: null
    }
    const { marks } = panel(long, 502)
    const bars = marks.flatMap(mark =>
      mark.kind === 'rect' && mark.fill === look.series[1] && mark.height !== 3 ? [mark] : []
    )
    expect(bars).toHaveLength(400)
    const high = bars.filter(({ height }) => height > 1)
    expect(high.map(({ x }) => Math.floor(x))).toEqual([44 + 123])
  })
})

it('has bars and points on the range of what stands beside it', () => {
  const [alone] = barHeights(panel({ hovered: null }), look.series[1]!)
  const span = { depth: 4.816, weight: 1.33 }
  const [beside] = barHeights(panel({ hovered: null, span }), look.series[1]!)
  expect(beside! / alone!).toBeCloseTo(0.5, 6)
  const depth = (own: Partial<ScoreRowData>) => {
    const { marks } = panel({ hovered: null, ...own })
    const ends = marks.flatMap(mark =>
      mark.kind === 'rect' && mark.height === 3 && mark.fill !== look.accent ? [mark.y] : []
    )
    return ends[0]! - ends[1]!
  }
  // The lowest score is 2.408 below the logsumexp: twice as much takes half as much.
  expect(depth({ span }) / depth({})).toBeCloseTo(0.5, 6)
})
