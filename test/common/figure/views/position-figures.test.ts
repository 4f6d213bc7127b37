import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { positions } from '#common/analysis/positions/positions.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { matrixShape, positionFormsOf, trainedLength } from '#common/figure/views/position-forms.ts'
import { positionMap } from '#common/figure/views/position-maps.ts'
import {
  pickedDimensions,
  positionNumbers,
  positionPlot
} from '#common/figure/views/position-plots.ts'
import { positionWords } from '#common/figure/views/position-words.ts'

const model: ModelFacts = {
  name: 'm',
  config: { nLayers: 1, nHeads: 8, nKeyValueHeads: 8, dModel: 8, dHead: 8, dVocab: 9, nCtx: 64 },
  ...{ visibility: null, scores: null, predicts: 'next', labels: null, ofText: false },
  ...{ tensors: [], positions: null, texts: new Map() }
}
function resultOf(params: unknown): Dataset {
  return positions.start(positions.params.parse(params), model, null).result()
}
const table = { kind: 'sinusoidal', length: 64, width: 8 }
const sines = resultOf({ table, values: true, size: 10 })
const rotary = resultOf({ table: { kind: 'rotary', dims: 8, base: 10_000 }, distances: 4 })
const alibi = resultOf({ table: { kind: 'alibi', heads: 8 }, distances: 3 })

describe('a matrix of positions', () => {
  it('is a map of positions and dimensions, and of each two positions', () => {
    expect(matrixShape(sines)).toEqual({ rows: 64, width: 8 })
    const map = positionMap(sines, 'matrix', null)
    expect(map.values[5 * 8]).toBeCloseTo(Math.sin(5), 6)
    expect(map.values[5 * 8 + 3]).toBeCloseTo(Math.cos(5 / 10), 6)
    const alike = positionMap(sines, 'similarity', null)
    // Of 64 positions every seventh one.
    expect(alike.rows).toEqual({ from: 0, to: 64, each: 7 })
    expect(alike.values).toHaveLength(100)
    for (let i = 0; i < 10; i++) expect(alike.values[i * 11]).toBeCloseTo(1, 6)
    // cos of the angle between positions 0 and 7: the mean of the cosines of its turns.
    const mean = [1, 10, 100, 1000].reduce((sum, wave) => sum + Math.cos(7 / wave), 0) / 4
    expect(alike.values[1]).toBeCloseTo(mean, 5)
  })

  it('has curves of picked dimensions and of those that are named, each once', () => {
    const [most, , least] = pickedDimensions(sines)
    // The slowest cosine hardly leaves 1; the fast ones have a variance near a half.
    expect(least).toMatchObject({ dimension: 7, name: 'least' })
    expect([0, 1, 2, 3]).toContain(most!.dimension)
    const { series } = positionPlot(sines, 'curves', {
      dimensions: [7, 2],
      trained: null,
      nCtx: 64
    })
    expect(series.map(({ name }) => name)).toContain('7, least')
    expect(series.filter(({ name }) => name?.startsWith('7'))).toHaveLength(1)
    const two = series.find(({ name }) => name === '2' || name?.startsWith('2,'))!
    expect(two.y[30]).toBeCloseTo(Math.sin(30 / 10), 6)
  })

  it('has a spectrum without its mean, and components with their shares', () => {
    const { series, y } = positionPlot(sines, 'spectrum', {
      dimensions: [0],
      trained: null,
      nCtx: 64
    })
    expect(y.log).toBe(true)
    const [mean, ...rest] = series
    expect(mean!.x[0]).toBe(1)
    expect(mean!.x).toHaveLength(32)
    // sin(p) has 64 / 2π = 10.2 cycles over 64 positions.
    const zero = rest.find(({ name }) => name?.startsWith('0'))!
    expect(zero.x[zero.y.indexOf(Math.max(...zero.y))]).toBe(10)
    const names = positionPlot(sines, 'components', {
      dimensions: [],
      trained: null,
      nCtx: 64
    }).series.map(({ name }) => name)
    expect(names[0]).toMatch(/^PC 1 \([\d.]+ %\)$/)
    expect(
      positionPlot(sines, 'neighbours', { dimensions: [], trained: null, nCtx: 64 }).series[0]!.y
    ).toHaveLength(63)
  })
})

describe('positions beyond those of training', () => {
  // Slow curves, and at the end rows that are each along an axis of its own.
  const data = Float32Array.from({ length: 20 * 8 }, (_, at) => {
    const [row, column] = [Math.floor(at / 8), at % 8]
    return row < 14 ? Math.cos(row / 20 + column) : Number(column === row - 13)
  })
  const learned: ModelFacts = {
    ...model,
    config: { ...model.config!, nCtx: 20 },
    positions: {
      embedding: { kind: 'learned', table: 'wpe', offset: 0, padding: null },
      ...{ width: 8, layers: [] }
    }
  }
  const read = positions.start(positions.params.parse({ values: true }), learned, null)
  read.begin({ ids: new Int32Array(0), texts: null, label: '' })
  const address = { role: 'W_pos', layer: null, head: null } as const
  read.take({ kind: 'weight', address, shape: [20, 8], start: 0, data }, 0)
  const result = read.result(() => undefined)

  it('are told by the weights, and set apart in maps and curves', () => {
    expect(trainedLength(result, null)).toEqual({ tokens: 14, by: 'weights' })
    const name = 'beyond the training length'
    expect(positionMap(result, 'matrix', null).flagged).toEqual({ name, rows: 14 })
    expect(positionMap(result, 'similarity', null).flagged).toEqual({ name, rows: 14, columns: 14 })
    const { lines } = positionPlot(result, 'curves', { dimensions: [], trained: null, nCtx: 20 })
    expect(lines).toEqual([{ name: 'the training length', axis: 'x', at: 14 }])
    const { text, more } = positionWords(result, null, String)
    expect(text).toContain('from 14 on beyond the training length')
    expect(more.join()).toContain('like none of their neighbours')
  })

  it('are those that are said by hand, and none where the table is no longer', () => {
    expect(positionMap(result, 'matrix', 5).flagged).toMatchObject({ rows: 5 })
    expect(positionMap(result, 'matrix', 20)).not.toHaveProperty('flagged')
    expect(trainedLength(sines, null)).toBeNull()
    expect(positionMap(sines, 'matrix', null)).not.toHaveProperty('flagged')
  })
})

describe('positions in attention', () => {
  it('are wavelengths and decay where pairs turn', () => {
    expect(positionFormsOf(rotary)).toEqual(['wavelengths', 'frequencies', 'decay'])
    const { series, lines } = positionPlot(rotary, 'wavelengths', {
      dimensions: [],
      trained: null,
      nCtx: 64
    })
    expect(series.map(({ shape }) => shape)).toEqual(['line', 'dots'])
    expect([...series[0]!.y].map(wave => wave / (2 * Math.PI))).toEqual([
      expect.closeTo(1, 6),
      expect.closeTo(10, 5),
      expect.closeTo(100, 4),
      expect.closeTo(1000, 3)
    ])
    expect(lines).toEqual([{ name: 'the longest text', axis: 'y', at: 64 }])
    expect(
      positionPlot(rotary, 'decay', { dimensions: [], trained: null, nCtx: 64 }).series[0]!.y[0]
    ).toBe(1)
    expect(positionWords(rotary, null, String).text).toBe('rotary, base 10,000')
  })

  it('turn by frequencies, as they are scaled beside as they would be', () => {
    const scaling = { type: 'linear', factor: 4 }
    const scaled = resultOf({ table: { kind: 'rotary', dims: 8, base: 10_000, scaling } })
    const of = (form: 'frequencies' | 'wavelengths') =>
      positionPlot(scaled, form, { dimensions: [], trained: null, nCtx: 64 }).series
    const [plain, , own] = of('frequencies')
    expect(own!.name).toBe('as scaled')
    expect(plain!.name).toBe('without scaling')
    expect([...plain!.y]).toEqual(
      [1, 0.1, 0.01, 0.001].map(each => expect.closeTo(each, 9) as number)
    )
    expect([...own!.y]).toEqual(
      [1, 0.1, 0.01, 0.001].map(each => expect.closeTo(each / 4, 9) as number)
    )
    expect(of('wavelengths')[0]!.y[1]).toBeCloseTo(20 * Math.PI, 6)
    const { variables } = positionNumbers(scaled, 'wavelengths')
    expect([...variables['inv_freq_unscaled']!.data]).toEqual([...plain!.y])
    expect([...variables['wavelength_unscaled']!.data]).toEqual([...of('wavelengths')[0]!.y])
    expect(positionNumbers(rotary, 'wavelengths').variables).not.toHaveProperty('inv_freq_unscaled')
    const plot = { dimensions: [], trained: null, nCtx: 64 }
    expect(positionPlot(rotary, 'frequencies', plot).series.map(({ name }) => name)).toEqual([
      null,
      null
    ])
  })

  it('are trained on as much as their scaling says', () => {
    const scaling = {
      ...{ type: 'llama3', factor: 8, trained: 32 },
      ...{ lowFrequency: 1, highFrequency: 4 }
    }
    const scaled = resultOf({ table: { kind: 'rotary', dims: 8, base: 10_000, scaling } })
    expect(trainedLength(scaled, null)).toEqual({ tokens: 32, by: 'config' })
    const plot = { dimensions: [], trained: null, nCtx: 64 }
    expect(positionPlot(scaled, 'wavelengths', plot).lines).toContainEqual({
      ...{ name: 'the training length', axis: 'y', at: 32, side: 'below' }
    })
  })

  it('are slopes and biases where they are linear', () => {
    expect(positionFormsOf(alibi)).toEqual(['slopes', 'biases'])
    const { series } = positionPlot(alibi, 'slopes', { dimensions: [], trained: null, nCtx: 64 })
    expect([...series[0]!.y]).toEqual(Array.from({ length: 8 }, (_, h) => 2 ** -(h + 1)))
    const biases = positionPlot(alibi, 'biases', { dimensions: [], trained: null, nCtx: 64 }).series
    expect(biases.map(({ name }) => name)).toEqual([0, 1, 3, 4, 6, 7].map(head => `head ${head}`))
    expect([...biases[0]!.y]).toEqual([0, -0.5, -1, -1.5])
  })
})
