import { describe, expect, it } from 'vitest'
import { attentionMap } from '#common/figure/attention-map.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import { drawnInRow } from '#common/figure/drawn-in-row.ts'
import { headGrid } from '#common/figure/head-grid.ts'
import { headMap } from '#common/figure/head-map.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { figureSpots, mostCells, mostSpots } from '#common/figure/html/figure-spots.ts'
import { spotMark } from '#common/figure/mark.ts'
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
    expect(grid).toMatchObject({ row: 0, column: 0, mirrored: false })
    const side = { count: 3, first: 0, each: 1, end: 3, labels: ['a', '·b', '<i>'], numbered: true }
    expect(grid!.rows).toEqual({ name: 'query', ...side })
    expect(grid!.columns).toEqual({ name: 'key', ...side })
    expect(grid!.values).toEqual([1, null, null, 0.25, 0.75, null, 0.1, null, 0.7])
    expect(3 * grid!.cell.width).toBeCloseTo(grid!.width, 6)
    expect(3 * grid!.cell.height).toBeCloseTo(grid!.height, 6)
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
    expect(half!.cell.width).toBeCloseTo(plain!.cell.width / 2, 6)
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
    const data = {
      title: null,
      quantity: 'weight' as const,
      values: [0.1, 0.5, 0.2],
      uniform: null,
      best: null
    }
    const { points } = figureSpots(drawnFigure(offsetCurve, data, plainLook, plainWish))
    expect(points.map(({ text }) => text)).toEqual([
      'mean attention\ntokens back: 0\nattention: 0.1',
      'mean attention\ntokens back: 1\nattention: 0.5',
      'mean attention\ntokens back: 2\nattention: 0.2'
    ])
    const [first, second, third] = points
    expect(second!.x - first!.x).toBeCloseTo(third!.x - second!.x, 6)
    expect(second!.y).toBeLessThan(third!.y)
    expect(third!.y).toBeLessThan(first!.y)
  })

  it('of a chart with several lines say which is meant, and nothing where there is no number', () => {
    const data = {
      title: null,
      quantity: 'weight' as const,
      values: [0.1, NaN],
      uniform: [0.25, 0.75],
      best: null
    }
    const { points } = figureSpots(drawnFigure(offsetCurve, data, plainLook, plainWish))
    expect(points.map(({ text }) => text)).toEqual([
      'uniform attention\ntokens back: 0\nattention: 0.25',
      'uniform attention\ntokens back: 1\nattention: 0.75',
      'mean attention\ntokens back: 0\nattention: 0.1'
    ])
  })

  it('of a map whose cells are several tokens say which', () => {
    const data = {
      ...{ title: null, name: 'attention weight', layers: [4], heads: 2, tokens: 7, cells: 2 },
      maps: Float32Array.of(1, 0, 0.25, 0.75, 1, 0, 0.5, 0.5),
      ...{ visibility: [{ causal: true, reach: null }], firstHidden: false, mirrored: false }
    }
    const [, grid] = figureSpots(drawnFigure(headGrid, data, plainLook, plainWish)).grids
    expect(grid).toMatchObject({ of: 'Head 4.1\n', value: 'attention weight: ' })
    expect(grid!.rows).toEqual({ ...{ name: 'query', count: 2, first: 0 }, each: 3.5, end: 7, labels: [], numbered: true }) // prettier-ignore
    expect(grid!.values).toEqual([1, null, 0.5, 0.5])
  })

  it('of a map that is looked at closely are the cells that are seen', () => {
    const tokens = Array.from({ length: 30 }, (_, i) => ({
      ...{ piece: `t${i}`, text: `t${i}`, special: false }
    }))
    const pattern = Float32Array.from({ length: 900 }, (_, i) => i)
    const drawn = drawnFigure(
      attentionMap,
      { ...map, tokens, pattern, visibility: null, view: { cell: 40, row: 10.5, column: 3 } },
      ...[plainLook, plainWish, { width: 400, height: 300, ratio: 1 }]
    )
    const [grid] = figureSpots(drawn).grids
    const { rows, columns, values } = grid!
    expect(grid).toMatchObject({ row: 0.5, column: 0 })
    expect(rows).toMatchObject({ first: 10, labels: expect.arrayContaining(['t10']) as string[] })
    expect(columns.labels[0]).toBe('t3')
    expect(values).toHaveLength(rows.count * columns.count)
    expect(rows.count).toBe(Math.ceil(0.5 + grid!.height / 40))
    expect(values.slice(0, 2)).toEqual([303, 304])
  })

  it('are no more than a page has room for, and say so', () => {
    const { panel, ...rest } = drawnMap()
    if (panel.kind !== 'map') throw new Error('expected a map')
    const place = { x: 0, y: 0, width: 20, height: 20 }
    const marks = Array.from({ length: mostSpots + 1 }, (_, i) => spotMark(place, ['at ', i]))
    const all = figureSpots({ ...rest, panel: { ...panel, marks } })
    expect(all.boxes).toHaveLength(mostSpots)
    expect(all.left).toBe(
      '50,000 of 50,001 places say their values here: a page has no room for more.'
    )
    const large = Math.sqrt(mostCells) + 1
    const tokens = Array.from({ length: large }, () => map.tokens[0]!)
    const wide = { ...map, tokens, pattern: new Float32Array(large ** 2) }
    const { grids, left } = figureSpots(drawnFigure(attentionMap, wide, plainLook, plainWish))
    expect(grids).toEqual([])
    expect(left).toBe('0 of 1 map say their values here: a page has no room for more.')
    expect(figureSpots(drawnMap()).left).toBe('')
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
    const data = { title: null, name: 'parameters', bars }
    const drawn = drawnFigure(barChart, data, plainLook, plainWish)
    const { points } = figureSpots(drawn)
    expect(points.map(({ text }) => text)).toEqual(['Norms\nparameters: 10', 'MLP\nparameters: 40'])
    expect(points[1]!.x).toBeGreaterThan(points[0]!.x)
    expect(points[1]!.y).toBeGreaterThan(points[0]!.y)
  })
})
