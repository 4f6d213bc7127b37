import { describe, expect, it } from 'vitest'
import { atlasDataset, headAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { axis, dataset, type Dataset, type NumberArray } from '#common/data/dataset.ts'
import { datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'

const [layers, nHeads, size] = [2, 2, 3]
const counted = (count: number, from: number) =>
  Float64Array.from({ length: count }, (_, i) => from + i)
const given = (axes: string[], data: NumberArray) => ({ axes, unit: '', about: '', data })

/** As `head-statistics` gives it, of layers 0 and 2. */
const halves = (['found', 'tested'] as const).flatMap(half =>
  (['value', 'baseline', 'spread', 'p', 'above', 'windows'] as const).map(
    name => [`finding.${half}.${name}`, given(['finding'], Float64Array.of(0.5))] as const
  )
)
const result: Dataset = dataset(
  {
    score: axis(['previous_token', 'entropy']),
    layer: axis(['0', '2']),
    head: axis(nHeads),
    offset: axis(size),
    finding: axis(['head 2.1: previous token, 0.50'])
  },
  {
    ...Object.fromEntries(
      ['value', 'spread', 'low', 'high', 'p'].map((name, i) => [
        name,
        given(['score', 'layer', 'head'], counted(2 * layers * nHeads, 100 * i))
      ])
    ),
    baseline: given(['score', 'layer'], counted(2 * layers, 1000)),
    windows: given(['score'], Float64Array.of(7, 8)),
    best_offset: given(['layer', 'head'], counted(layers * nHeads, 1)),
    best_offset_value: given(['layer', 'head'], counted(layers * nHeads, 0.5)),
    offset: given(['layer', 'head', 'offset'], counted(layers * nHeads * size, 0)),
    'baseline.offset': given(['layer', 'offset'], counted(layers * size, 50)),
    'finding.score': given(['finding'], Int32Array.of(0)),
    'finding.layer': given(['finding'], Int32Array.of(2)),
    'finding.head': given(['finding'], Int32Array.of(1)),
    'finding.holds': given(['finding'], Int32Array.of(1)),
    ...Object.fromEntries(halves)
  },
  { windows: 8, params: { least: 0.1 } }
)
/** Of all three layers. */
const repeats: Dataset = dataset(
  { layer: axis(3), head: axis(nHeads) },
  Object.fromEntries(
    ['previous', 'duplicate', 'induction'].map((name, i) => [
      name,
      given(['layer', 'head'], counted(3 * nHeads, 10 * i))
    ])
  )
)

describe('headAtlas', () => {
  it('has each head its own numbers, and those of its layer', () => {
    const { layers, heads, scores, windows } = headAtlas(result, repeats)
    expect([layers, windows]).toEqual([[0, 2], 8])
    expect(scores.map(({ words }) => words)).toEqual([
      'previous token',
      'entropy',
      'previous token, random',
      'duplicate token, random',
      'induction, random'
    ])
    const last = heads[3]!
    expect([last.layer, last.head, last.bestOffset]).toEqual([2, 1, { offset: 4, value: 3.5 }])
    expect(last.scores['entropy']).toEqual({
      ...{ value: 7, baseline: 1003, spread: 107, low: 207, high: 307, p: 407, windows: 8 }
    })
    expect(last.scores['random_induction']!.value).toBe(25)
    expect([...last.curve, ...last.uniformCurve!]).toEqual([9, 10, 11, 53, 54, 55])
    expect([...heads[1]!.uniformCurve!]).toEqual([50, 51, 52])
  })

  it('does without random tokens and without a baseline', () => {
    const variables = Object.fromEntries(
      Object.entries(result.variables).filter(([name]) => !name.startsWith('baseline'))
    )
    const { scores, heads } = headAtlas({ ...result, variables }, null)
    expect(scores.map(({ name }) => name)).toEqual(['previous_token', 'entropy'])
    expect([heads[0]!.uniformCurve, heads[0]!.scores['entropy']!.baseline]).toEqual([null, NaN])
  })
})

it('is a table with a row for each score of each head', () => {
  const whole = atlasDataset(headAtlas(result, repeats), result)
  const lines = [...datasetCsv(whole, tablePlan(whole))].join('').trim().split('\r\n')
  expect(lines).toHaveLength(1 + 5 * layers * nHeads)
  expect(lines[0]).toBe(
    'score,score_label,layer,layer_label,head,value,baseline,spread,low,high,p,windows'
  )
  expect(lines[8]).toBe('1,entropy,1,2,1,7,1003,107,207,307,407,8')
  expect(lines.at(-1)).toBe('4,random_induction,1,2,1,25,NaN,NaN,NaN,NaN,NaN,NaN')
  expect(whole.attributes['findings']).toMatchObject([{ layer: 2, head: 1, holds: true }])
})
