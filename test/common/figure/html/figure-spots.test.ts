import { describe, expect, it } from 'vitest'
import { attentionMap } from '#common/figure/attention-map.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { drawnFigure, drawnInRow } from '#common/figure/drawn-figure.ts'
import { headMap } from '#common/figure/head-map.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { figureSpots } from '#common/figure/html/figure-spots.ts'
import { offsetCurve } from '#common/figure/offset-curve.ts'
import { scaledPanel } from '#common/figure/panels/scaled-panel.ts'
import { plainWish } from '#common/figure/presets.ts'
import { plainLook } from '#common/figure/views/look-params.ts'

const map = {
  ...{ title: null, quantity: 'weight' as const, unit: null, firstHidden: false, mirrored: false },
  ...{ view: null, marked: { queries: [], keys: [] }, profiles: null },
  pattern: Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0.1, NaN, 0.7),
  tokens: ['a', ' b', '<i>'].map(text => ({ piece: text, text, special: false })),
  visibility: { causal: true, reach: null }
} as const
const drawnMap = (wish = plainWish) => drawnFigure(attentionMap, map, plainLook, wish)

describe('figureSpots', () => {
  it('of a map are its cells with their values, where a query sees the key', () => {
    const drawn = drawnMap()
    const [grid] = figureSpots(drawn).grids
    expect(grid).toMatchObject({ rows: 'query', columns: 'key', size: 3, row: 0, column: 0 })
    expect(grid!.labels).toEqual(['a', '·b', '<i>'])
    expect(grid!.values).toEqual([1, null, null, 0.25, 0.75, null, 0.1, null, 0.7])
    expect(3 * grid!.cell).toBeCloseTo(grid!.width, 6)
  })

  it('lie lower where a letter stands above the figure', () => {
    const [plain] = figureSpots(drawnMap()).grids
    const [lettered] = figureSpots(drawnMap({ ...plainWish, letter: 'a' })).grids
    expect(lettered!.top - plain!.top).toBe(Math.ceil(plainLook.size * 1.8))
  })

  it('of a map are as large as it is made', () => {
    const { panel, ...rest } = drawnMap()
    const [plain] = figureSpots({ panel, ...rest }).grids
    const [half] = figureSpots({ ...rest, panel: scaledPanel(panel, 0.5) }).grids
    expect(half!.cell).toBeCloseTo(plain!.cell / 2, 6)
    expect(half!.left).toBeCloseTo(plain!.left / 2, 6)
  })

  it('of figures in a row lie where each stands', () => {
    const drawn = drawnInRow([drawnMap, drawnMap], ['one', 'other'], plainWish)
    const [one, other] = figureSpots(drawn).grids
    const [, second] = drawn.panel.kind === 'row' ? drawn.panel.parts : []
    expect(other!.left - one!.left).toBe(second!.left)
  })

  it('of a map of heads say which head it is', () => {
    const data = {
      ...{ title: null, name: 'entropy, nats', quantity: 'weight' as const, layers: [4], heads: 2 },
      values: [0.5, NaN]
    }
    const { boxes } = figureSpots(drawnFigure(headMap, data, plainLook, plainWish))
    expect(boxes.map(({ text }) => text)).toEqual([
      'Head 4.0\nentropy, nats: 0.5',
      'Head 4.1\nentropy, nats: no value'
    ])
  })

  it('of a chart are its points, as they lie', () => {
    const data = { title: null, values: [0.1, 0.5, 0.2], uniform: null, best: null }
    const { points } = figureSpots(drawnFigure(offsetCurve, data, plainLook, plainWish))
    expect(points.map(({ text }) => text)).toEqual([
      'tokens back: 0\n0.1',
      'tokens back: 1\n0.5',
      'tokens back: 2\n0.2'
    ])
    const [first, second, third] = points
    expect(second!.x - first!.x).toBeCloseTo(third!.x - second!.x, 6)
    expect(second!.y).toBeLessThan(third!.y)
    expect(third!.y).toBeLessThan(first!.y)
  })

  it('of a scatter of heads name the head', () => {
    const axis = (name: string) => ({ name, baselines: [] })
    const data = {
      ...{ title: null, nLayers: 2, x: axis('self'), y: axis('induction'), distances: null },
      points: [{ layer: 1, head: 3, x: 0.25, y: 0.5, group: null }]
    }
    const { points } = figureSpots(drawnFigure(headScatter, data, plainLook, plainWish))
    expect(points.map(({ text }) => text)).toEqual(['1.3\nself: 0.25\ninduction: 0.5'])
  })

  it('of bars are their ends', () => {
    const bars = [
      { label: 'Norms', value: 10, notes: [], color: 0 },
      { label: 'MLP', value: 40, notes: [], color: 1 }
    ]
    const drawn = drawnFigure(barChart, { title: null, bars }, plainLook, plainWish)
    const { points } = figureSpots(drawn)
    expect(points.map(({ text }) => text)).toEqual(['Norms\n10', 'MLP\n40'])
    expect(points[1]!.x).toBeGreaterThan(points[0]!.x)
    expect(points[1]!.y).toBeGreaterThan(points[0]!.y)
  })
})
