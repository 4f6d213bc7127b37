import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { headScores as analysis } from '#common/analysis/head-scores/head-scores.ts'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Visibility } from '#common/model/visibility.ts'
import { headScores } from '#common/analysis/head-scores/score-kinds.ts'
import { strongestKeys } from '../../../../src/renderer/src/window/strongest-keys.ts'

/** What the analysis says of two heads on some ids: one that attends alike to all it sees, and this one. */
function scored(pattern: Float32Array, ids: readonly number[], visibility: Visibility): Dataset {
  const facts: ModelFacts = {
    name: 'm',
    config: { nLayers: 1, nHeads: 2, nKeyValueHeads: 2, dModel: 4, dHead: 2, dVocab: 10, nCtx: 99 },
    visibility: [visibility],
    scores: null,
    predicts: visibility.causal ? 'next' : 'masked',
    labels: null,
    ofText: false,
    tensors: [],
    positions: null,
    texts: new Map()
  }
  const size = ids.length
  const data = new Float32Array(2 * size * size)
  data.set(uniformPattern(size, visibility).data)
  data.set(pattern, size * size)
  const scoring = analysis.start({ layers: [0] }, facts, null)
  scoring.begin({ ids: Int32Array.from(ids), texts: null, label: '' })
  const hook = 'blocks.0.attn.hook_pattern'
  scoring.take({ kind: 'hook', hook, shape: [2, size, size], data }, 0)
  return scoring.result()
}

/** A head that attends to the previous token. */
function previous(size: number): Float32Array {
  const data = new Float32Array(size * size)
  data[0] = 1
  for (let query = 1; query < size; query++) data[query * size + query - 1] = 1
  return data
}

describe('headScores', () => {
  it('sets a head that attends alike to all it sees beside the same', () => {
    for (const visibility of [
      { causal: true, reach: null },
      { causal: false, reach: null },
      { causal: true, reach: 2 }
    ]) {
      const scores = headScores(scored(previous(5), [1, 2, 1, 2, 3], visibility), 0, 0, true)
      expect(scores).toHaveLength(7)
      for (const { value, uniform } of scores) expect(value).toBeCloseTo(uniform!, 6)
    }
  })

  it('tells a previous-token head from it, by name, unit and formula', () => {
    const causal = { causal: true, reach: null }
    const scores = headScores(scored(previous(4), [1, 2, 3, 4], causal), 0, 1, true)
    const [first] = scores
    expect(first).toMatchObject({ name: 'Previous token', value: 1, unit: '' })
    expect(first!.formula).toContain('A[q, q − d]')
    expect(first!.uniform).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 4) / 3, 6)
    const byName = Object.fromEntries(scores.map(score => [score.name, score]))
    expect(byName['Itself']!.value).toBeCloseTo(1 / 4, 6)
    expect(byName['First token']!.value).toBeCloseTo(2 / 4, 6)
    expect(byName['Entropy']!.unit).toBe('nats')
    expect(byName['Entropy']!.value).toBeCloseTo(0, 6)
    expect(byName['Distance']!.value).toBeCloseTo(3 / 4, 6)
    expect(byName['Induction']!.value).toBeNaN()
  })

  it('are those of the layer asked for, with the baseline of its own window', () => {
    const [whole, windowed] = [
      { causal: true, reach: null },
      { causal: true, reach: 2 }
    ].map(visibility => scored(previous(4), [1, 2, 3, 4], visibility))
    const own = windowed!.variables['visible.offset']!
    const both = (name: string, second: Dataset): Dataset['variables'][string] => {
      const { axes, data, unit, about } = second.variables[name]!
      const first = whole!.variables[name]?.data ?? data.map(() => 9)
      return { axes, unit, about, data: Float64Array.of(...first, ...data) }
    }
    const names = ['offset', 'sink', 'duplicate', 'induction', 'entropy', 'distance']
    const result: Dataset = {
      ...whole!,
      axes: { ...whole!.axes, layer: { length: 2, labels: null } },
      variables: Object.fromEntries(
        names.flatMap(name => [
          [name, both(name, windowed!)],
          [`visible.${name}`, both(`visible.${name}`, windowed!)]
        ])
      )
    }
    const [first] = headScores(result, 1, 0, true)
    expect(first!.value).toBeCloseTo(windowed!.variables['offset']!.data[1]!, 6)
    expect(first!.uniform).toBeCloseTo(own.data[1]!, 6)
    expect(headScores(result, 0, 0, true)[0]!.uniform).toBe(9)
  })

  it('says nothing of a token before the only one', () => {
    const causal = { causal: true, reach: null }
    const [first, itself] = headScores(scored(Float32Array.of(1), [1], causal), 0, 1, true)
    expect([first!.value, first!.uniform, itself!.value]).toEqual([NaN, NaN, 1])
  })

  it('gives no baseline where it is not known what a query sees', () => {
    const result = scored(previous(4), [1, 2, 3, 4], { causal: true, reach: null })
    for (const { uniform } of headScores(result, 0, 1, false)) expect(uniform).toBeNull()
  })
})

describe('strongestKeys', () => {
  it('sorts one row and leaves out what has no weight', () => {
    const pattern = { shape: [2, 2], data: Float32Array.of(1, 0, 0.25, 0.75) }
    expect(strongestKeys(pattern, 1, 5)).toEqual([
      { key: 1, weight: 0.75 },
      { key: 0, weight: 0.25 }
    ])
    expect(strongestKeys(pattern, 0, 5)).toEqual([{ key: 0, weight: 1 }])
  })
})
