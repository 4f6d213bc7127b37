import { expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { ranksOf, tokenCounts } from '#common/analysis/token-counts.ts'
import { variable } from '#common/data/dataset.ts'

const model: ModelFacts = {
  name: 'drawn',
  config: { nLayers: 1, nHeads: 1, nKeyValueHeads: 1, dModel: 1, dHead: 1, dVocab: 6, nCtx: 64 },
  visibility: null,
  scores: null,
  predicts: 'next',
  labels: null,
  ofText: false,
  tensors: [],
  positions: null,
  texts: new Map()
}

it('ranks tokens by how many stand more often, equal ones alike', () => {
  expect([...ranksOf(Int32Array.of(3, 0, 7, 3, 0, 1))]).toEqual([2, 5, 1, 2, 5, 4])
  expect([...ranksOf(new Int32Array(2))]).toEqual([1, 1])
  expect([...ranksOf(new Int32Array(0))]).toEqual([])
})

it('counts the tokens of all windows, and goes on from where it stopped', () => {
  const window = (...ids: number[]) => ({ ids: Int32Array.from(ids), texts: null, label: '' })
  const first = tokenCounts.start({}, model, null)
  first.begin(window(5, 1, 5))
  first.begin(window(1, 1))
  const second = tokenCounts.start({}, model, structuredClone(first.state()))
  second.begin(window(0))
  for (const [counts, tokens] of [
    [[0, 3, 0, 0, 0, 2], 5],
    [[1, 3, 0, 0, 0, 2], 6]
  ] as const) {
    const result = (tokens === 5 ? first : second).result()
    expect([...variable(result, 'count').data]).toEqual(counts)
    expect(result.attributes['tokens']).toBe(tokens)
  }
})
