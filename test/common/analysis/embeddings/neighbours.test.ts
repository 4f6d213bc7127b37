import { expect, it } from 'vitest'
import type { ModelFacts, Taken } from '#common/analysis/analysis.ts'
import { neighbours } from '#common/analysis/embeddings/neighbours.ts'
import { variable } from '#common/data/dataset.ts'

const facts: ModelFacts = {
  name: 'model',
  config: {
    ...{ nLayers: 1, nHeads: 1, nKeyValueHeads: 1, dModel: 4, dHead: 2, dVocab: 5, nCtx: 8 }
  },
  visibility: null,
  scores: null,
  predicts: null,
  labels: null,
  ofText: false,
  tensors: [],
  positions: null,
  texts: new Map()
}

const params = { tokens: [0], top: 10, of: 'input' as const, among: null }

/** Five tokens: two along one direction, one across, one of zeros, one against. */
const rows = [2, 0, 1, 0, 0, 1, 0, 0, -3, 0]

function given(data: number[], role: 'W_E' | 'W_U' = 'W_E'): Taken {
  const transposed = role === 'W_U' ? { transposed: true } : {}
  const address = { role, layer: null, head: null, ...transposed }
  return { kind: 'weight', address, shape: [5, 2], start: 0, data: Float32Array.from(data) }
}

it('ranks by direction, by product and by distance; a row of zeros has no direction and stands last', () => {
  const accumulator = neighbours.start({ ...params, tokens: [0] }, facts, null)
  accumulator.take(given(rows), 0)
  const result = accumulator.result()
  const list = (name: string) => [...variable(result, name).data]
  expect(list('cosine.ids')).toEqual([1, 2, 4, 3])
  expect(list('cosine.values')).toEqual([1, 0, -1, NaN])
  // Equal ones by their ids.
  expect(list('dot.ids')).toEqual([1, 2, 3, 4])
  expect(list('dot.values')).toEqual([2, 0, 0, -6])
  expect(list('euclidean.ids')).toEqual([1, 3, 2, 4])
  expect(list('euclidean.values')[2]).toBeCloseTo(Math.sqrt(5), 12)
  // The mean row is (0, 0.2).
  expect(list('centred.ids')).toEqual([1, 3, 2, 4])
  expect(list('centred.values')[1]).toBeCloseTo(0.04 / (Math.hypot(2, 0.2) * 0.2), 12)
})

it('says which output it cannot look into', () => {
  const output = { ...params, tokens: [0], of: 'output' as const }
  expect(() => neighbours.needs(output, { ...facts, labels: ['bad', 'good'] }, 0)).toThrow(
    'model: its output is of 2 labels, not of tokens'
  )
  const accumulator = neighbours.start(output, facts, null)
  expect(() => accumulator.result()).toThrow('model: has no output embedding (W_U)')
  const between = neighbours.start({ ...params, among: 'output' as const }, facts, null)
  between.take(given(rows), 0)
  const narrow = given([1, 2, 3, 4, 5], 'W_U')
  between.take({ ...narrow, shape: [5, 1] } as Taken, 0)
  expect(() => between.result()).toThrow('are 2 and 1 wide')
})

it('says which text has no token, and what of it the vocabulary does not have', () => {
  const token = { id: 1, piece: '?', text: '?', special: false }
  const texts = new Map([
    ['', []],
    [
      'a€',
      [
        { ...token, start: 0, end: 1 },
        { ...token, start: 1, end: 2, unknown: true as const }
      ]
    ]
  ])
  const start = (text: string) =>
    neighbours.start({ ...params, tokens: [text] }, { ...facts, texts }, null)
  expect(() => start('')).toThrow('"": the tokenizer makes no token of it')
  expect(() => start('a€')).toThrow('"a€": the vocabulary does not have "€"')
})
