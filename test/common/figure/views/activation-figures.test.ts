import { describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { axis, dataset, type Variable } from '#common/data/dataset.ts'
import {
  activationGrid,
  expertGrid,
  normCurves,
  unitHistogram,
  unitMap,
  unitRange
} from '#common/figure/views/activation-figures.ts'
import { layersParams } from '#common/figure/views/activations-view.ts'
import { idToken } from '#common/model/token.ts'

const variable = (axes: string[], data: Variable['data']) => ({ axes, data, unit: '', about: '' })
const tokens = [5, 6].map(id => ({ ...idToken(id), readAs: null }))
const hooks = axis(['blocks.0.hook_mlp_out', 'blocks.2.hook_mlp_out'])
const result = dataset(
  { hook: hooks, pos: axis(2), rank: axis(2), stream: axis(3), layer: axis(2) },
  {
    norm: variable(['hook', 'pos'], Float64Array.of(1, 2, 3, 4)),
    largest: variable(['hook', 'pos'], Float64Array.of(5, 6, 7, 8)),
    top_unit: variable(['hook', 'pos', 'rank'], Int32Array.of(10, 0, 11, 0, 12, 0, 13, 0)),
    'norm.resid': variable(['stream', 'pos'], Float64Array.of(1, 2, 3, 4, 5, 6)),
    'norm.attn_out': variable(['layer', 'pos'], Float64Array.of(7, 8, 9, 10)),
    'norm.mlp_out': variable(['layer', 'pos'], Float64Array.of(11, 12, 13, 14))
  }
)
const unitsOf = (units: number, value: Float32Array) =>
  dataset(
    { hook: axis(['blocks.0.hook_mlp_out']), pos: axis(2), unit: axis(units) },
    { value: variable(['hook', 'pos', 'unit'], value) }
  )

describe('activations as figures', () => {
  it('have the last block on top, by its own number, and say which unit stands out', () => {
    const norms = activationGrid(result, tokens, 'norm')
    expect(norms.rows).toEqual(['2', '0'])
    expect([...norms.values]).toEqual([3, 4, 1, 2])
    expect(norms.cells.map(({ text }) => text)).toEqual(['3.0', '4.0', '1.0', '2.0'])
    const largest = activationGrid(result, tokens, 'largest')
    expect(largest.cells.map(({ text }) => text)).toEqual(['12', '13', '10', '11'])
  })

  it('follow the norms of one token, the stream from before all blocks on', () => {
    const [resid, attention, mlp] = normCurves(result, 1)!.series
    expect([[...resid!.x], [...resid!.y]]).toEqual([
      [-1, 0, 1],
      [2, 4, 6]
    ])
    expect([[...attention!.x], [...attention!.y], [...mlp!.y]]).toEqual([
      [0, 1],
      [8, 10],
      [12, 14]
    ])
  })

  it('are counted as far as they are numbers', () => {
    const counted = (...values: number[]) => {
      const { x, y } = unitHistogram(unitsOf(2, Float32Array.from(values))).series[0]!
      return { from: x[0], all: [...y].reduce((sum, own) => sum + own, 0) }
    }
    expect(counted(1, NaN, Infinity, 3)).toEqual({ from: 1, all: 2 })
    expect(counted(NaN, -Infinity, NaN, Infinity)).toEqual({ from: 0, all: 0 })
  })

  it('have no norms of a model that does not give what they are of', () => {
    expect(normCurves(unitsOf(1, Float32Array.of(1, 2)), 0)).toBeNull()
    const hooks = ['blocks.0.hook_resid_pre', 'blocks.0.hook_resid_post', 'blocks.0.hook_mlp_out']
    const config = { nLayers: 1 } as NonNullable<ModelInfo['config']>
    const asked = (hooks: string[]) => layersParams('hook_resid_post', { config, hooks }).norms
    expect([asked(hooks), asked([...hooks, 'blocks.0.hook_attn_out'])]).toEqual([false, true])
  })

  it('map every unit; of more than 1,024 the one furthest from zero of some', () => {
    const few = unitMap(unitsOf(2, Float32Array.of(1, -3, 2, 0)), tokens)
    expect([...few.values]).toEqual([1, -3, 2, 0])
    expect(unitRange(few)).toEqual({ low: -3, high: 3 })
    const values = new Float32Array(2 * 1025)
    values[1024] = -2
    values[1025] = 4
    values[1026] = -5
    const many = unitMap(unitsOf(1025, values), tokens)
    expect(many.columns).toEqual({ from: 0, to: 1025, each: 2 })
    expect([many.values[512], many.values[513]]).toEqual([-2, -5])
  })

  it('count values in parts of equal width from the lowest to the highest', () => {
    const [bars] = unitHistogram(unitsOf(2, Float32Array.of(0, 40, 39.5, 0.5))).series
    expect([bars!.width, bars!.y[0], bars!.y[39], bars!.y.reduce((a, b) => a + b)]).toEqual([
      ...[1, 2, 2, 4]
    ])
  })

  it('say the expert of the largest weight, and that weight', () => {
    const mixture = dataset(
      { layer: axis(['1']), pos: axis(2), expert: axis(3), rank: axis(2) },
      {
        chosen: variable(['layer', 'pos', 'rank'], Int32Array.of(2, 0, 1, 2)),
        weight: variable(['layer', 'pos', 'expert'], Float32Array.of(0.25, 0, 0.75, 0, 0.5, 0.5))
      }
    )
    const grid = expertGrid(mixture, tokens)
    expect(grid.cells.map(({ text }) => text)).toEqual(['2', '1'])
    expect([...grid.values]).toEqual([0.75, 0.5])
  })
})
