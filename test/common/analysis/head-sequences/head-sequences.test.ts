import { serialize } from 'node:v8'
import { expect, it } from 'vitest'
import type { Accumulator, ModelFacts } from '#common/analysis/analysis.ts'
import { generator } from '#common/analysis/generator.ts'
import { drawnOrder } from '#common/analysis/head-contexts/score-cells.ts'
import { headSequences } from '#common/analysis/head-sequences/head-sequences.ts'
import {
  HeadVisHead,
  HeadVisScatter,
  type HeadVisSequence
} from '#common/analysis/head-sequences/headvis-schema.ts'
import { headFiles, scatterRows } from '#common/analysis/head-sequences/headvis-tree.ts'
import { headScores } from '#common/analysis/head-scores/head-scores.ts'
import { axis, variable } from '#common/data/dataset.ts'
import { idToken } from '#common/model/token.ts'

const nHeads = 2
const model: ModelFacts = {
  name: 'drawn',
  config: { nLayers: 1, nHeads, nKeyValueHeads: 2, dModel: 4, dHead: 2, dVocab: 50, nCtx: 64 },
  visibility: [{ causal: true, reach: null }],
  scores: null,
  predicts: 'next',
  labels: null,
  ofText: false,
  tensors: [],
  positions: null,
  texts: new Map()
}
const size = 12

/** A window, and patterns [head, query, key] that are flat or sharp. */
function drawnWindow(number: number) {
  const next = generator(100 + number)
  const ids = Int32Array.from({ length: size }, () => Math.floor(next() * 8))
  const data = new Float32Array(nHeads * size * size)
  for (let head = 0; head < nHeads; head++) {
    const sharpness = 8 * next()
    for (let query = 0; query < size; query++) {
      const weights = Array.from({ length: query + 1 }, () => Math.exp(sharpness * next()))
      const sum = weights.reduce((sum, weight) => sum + weight, 0)
      weights.forEach((weight, key) => (data[(head * size + query) * size + key] = weight / sum))
    }
  }
  return { window: { ids, texts: null, label: `window ${number}` }, data }
}

function take(accumulator: Accumulator, number: number): void {
  const { window, data } = drawnWindow(number)
  accumulator.begin(window)
  const hook = 'blocks.0.attn.hook_pattern'
  accumulator.take({ kind: 'hook', hook, shape: [nHeads, size, size], data }, 0)
}

function accumulated(windows: number, params: object = {}, again = false): Accumulator {
  const parsed = headSequences.params.parse(params)
  let accumulator = headSequences.start(parsed, model, null)
  for (let number = 0; number < windows; number++) {
    take(accumulator, number)
    if (again)
      accumulator = headSequences.start(parsed, model, structuredClone(accumulator.state()))
  }
  return accumulator
}

async function headsOf(windows: number, params: object = {}): Promise<HeadVisHead[]> {
  const result = accumulated(windows, params).result()
  const described = await headSequences.described!(result, {
    tokens: ids => Promise.resolve(ids.map(idToken)),
    labels: null
  })
  // As they are read again.
  return [...headFiles(described)].map(({ json }) =>
    HeadVisHead.parse(JSON.parse(JSON.stringify(json)))
  )
}

/** The largest weight outside the first row and column, by a second route. */
function activation(number: number, head: number): number {
  const { data } = drawnWindow(number)
  const cells = [...data.subarray(head * size ** 2, (head + 1) * size ** 2).entries()]
  return Math.max(...cells.map(([at, w]) => (at >= size && at % size > 0 ? w : 0)))
}

it('has the windows of the highest activations in the last interval', async () => {
  const heads = await headsOf(60, { intervals: 5, per_interval: 4 })
  heads.forEach(({ sequences }, head) => {
    const all = [...Array(60).keys()].sort((a, b) => activation(b, head) - activation(a, head))
    const last = sequences.filter(({ interval }) => interval === 5)
    expect(last.map(({ sequence_id }) => sequence_id)).toEqual(all.slice(0, 4))
  })
})

it('has of the other intervals those windows that are first in the order', async () => {
  // As many are drawn as there are: all that is known of all of them is told.
  const heads = await headsOf(40, { intervals: 4, per_interval: 4, seed: 3 })
  heads.forEach(({ sequences }, head) => {
    const all = [...Array(40).keys()].sort((a, b) => activation(a, head) - activation(b, head))
    for (const interval of [1, 2, 3]) {
      const own = sequences.filter(sequence => sequence.interval === interval)
      expect(own).toHaveLength(4)
      const lowest = Math.min(...own.map(({ max_activation }) => max_activation))
      const rank = all.findIndex(number => activation(number, head) >= lowest - 1e-4)
      // Ten windows an interval, but for cells that are not cut.
      expect(rank).toBeGreaterThanOrEqual(10 * (interval - 1) - 2)
      const orders = own.map(({ sequence_id }) => drawnOrder(3, sequence_id, 0))
      expect(orders).toEqual([...orders].sort((a, b) => a - b))
    }
  })
})

it('keeps the largest weights of each row, and where they are', async () => {
  const [, second] = await headsOf(10, { per_row: 3, least: 0.05 })
  for (const sequence of second!.sequences) {
    const { sequence_id, attention_indices, attention_values, tokens, seq_len } = sequence
    const { window, data } = drawnWindow(sequence_id)
    expect([seq_len, tokens]).toEqual([size, [...window.ids].map(id => `#${id}`)])
    const expected = [...Array(size).keys()].flatMap(query => {
      const row = [...data.subarray((size + query) * size, (size + query + 1) * size).entries()]
      const kept = row.filter(([, weight]) => weight >= 0.05).sort((a, b) => b[1] - a[1])
      return kept
        .slice(0, 3)
        .map(([key]) => query * size + key)
        .sort((a, b) => a - b)
    })
    expect(attention_indices).toEqual(expected)
    attention_values.forEach((value, i) =>
      expect(value).toBeCloseTo(data[size * size + expected[i]!]!, 4)
    )
    expect(sequence.max_activation).toBeCloseTo(activation(sequence_id, 1), 4)
  }
})

it('counts all windows by their activation', async () => {
  const heads = await headsOf(30)
  heads.forEach(({ histogram, statistics }, head) => {
    const all = [...Array(30).keys()].map(number => activation(number, head))
    expect(histogram.bin_edges).toHaveLength(51)
    expect(histogram.bin_values).toEqual(
      Array.from(
        { length: 50 },
        (_, bin) => all.filter(value => Math.min(49, Math.floor(value * 50)) === bin).length
      )
    )
    const mean = all.reduce((sum, value) => sum + value, 0) / 30
    expect(statistics['mean_max_activation']).toBeCloseTo(mean, 4)
  })
})

it('tells distances and tokens by the weights that are kept', async () => {
  const [first] = await headsOf(8)
  const { sequences, qk_distance_histogram: distances, top_key_tokens: keys } = first!
  const each = (of: (sequence: HeadVisSequence, query: number, key: number) => boolean) =>
    sequences.reduce(
      (sum, sequence) =>
        sum +
        sequence.attention_values.reduce((own, value, i) => {
          const index = sequence.attention_indices[i]!
          return own + (of(sequence, Math.floor(index / size), index % size) ? value : 0)
        }, 0),
      0
    )
  expect(distances.bin_edges!.slice(0, 5)).toEqual([0, 1, 2, 4, 8])
  distances.bin_values!.forEach((value, bin) => {
    const [low, high] = distances.bin_edges!.slice(bin, bin + 2)
    expect(value).toBeCloseTo(
      each((_, query, key) => query - key >= low! && query - key < high!),
      3
    )
  })
  const [most] = keys
  expect(most!.weight).toBeCloseTo(
    each(({ tokens }, _, key) => tokens[key] === most!.token),
    3
  )
  expect(keys.map(({ weight }) => weight)).toEqual(
    keys.map(({ weight }) => weight).toSorted((a, b) => b - a)
  )
  // Up to 50 all of them.
  const all = new Set(
    sequences.flatMap(({ tokens, attention_indices: at }) => at.map(i => tokens[i % size]))
  )
  expect(new Set(keys.map(({ token }) => token))).toEqual(all)
  expect(all.size).toBeGreaterThan(5)
})

it('gives each head the numbers that scatter plots show', () => {
  const accumulator = headScores.start(headScores.params.parse({}), model, null)
  take(accumulator, 0)
  const { axes, ...rest } = accumulator.result()
  // The workbench adds the tokens.
  const result = { ...rest, axes: { ...axes, pos: axis(size) } }
  const rows = HeadVisScatter.parse(scatterRows(result))
  const { window, data } = drawnWindow(0)
  rows.forEach((row, head) => {
    const at = (query: number, key: number) => data[(head * size + query) * size + key]!
    const queries = [...Array(size).keys()]
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
    const cells = queries.flatMap(q => queries.slice(0, q + 1).map(k => [q, k] as const))
    const distance = cells.reduce((sum, [q, k]) => sum + at(q, k) * (q - k), 0) / size
    const square = cells.reduce((sum, [q, k]) => sum + at(q, k) * (q - k) ** 2, 0) / size
    const induction = queries.map(q =>
      queries
        .slice(0, q)
        .filter(k => window.ids[k] === window.ids[q])
        .reduce((sum, k) => sum + at(q, k + 1), 0)
    )
    const expected = {
      layer: 0,
      head,
      self_attention_score: mean(queries.map(q => at(q, q))),
      prev_token_score: mean(queries.slice(1).map(q => at(q, q - 1))),
      pattern_entropy: mean(
        queries.map(q =>
          queries.slice(0, q + 1).reduce((sum, k) => sum - at(q, k) * Math.log(at(q, k)), 0)
        )
      ),
      qk_distance: distance,
      qk_distance_variance: square - distance ** 2,
      induction_score: mean(induction)
    }
    expect(Object.keys(row)).toEqual(Object.keys(expected))
    for (const [name, value] of Object.entries(expected))
      expect(row[name], name).toBeCloseTo(value, 4)
  })
})

it('has an induction score of 0 where no token came before', () => {
  const accumulator = headScores.start(headScores.params.parse({}), model, null)
  const { window, data } = drawnWindow(0)
  accumulator.begin({ ...window, ids: Int32Array.from(window.ids, (_, i) => i) })
  const hook = 'blocks.0.attn.hook_pattern'
  accumulator.take({ kind: 'hook', hook, shape: [nHeads, size, size], data }, 0)
  const { axes, ...rest } = accumulator.result()
  const rows = scatterRows({ ...rest, axes: { ...axes, pos: axis(size) } })
  expect(rows.map(row => row['induction_score'])).toEqual([0, 0])
})

it('goes on from a state to the same result, bit for bit', () => {
  const params = { intervals: 3, per_interval: 2 }
  expect(accumulated(25, params, true).result()).toEqual(accumulated(25, params).result())
})

it('holds no more the longer it reads', () => {
  const params = { intervals: 2, per_interval: 2 }
  const bytes = (windows: number) => serialize(accumulated(windows, params).state()).byteLength
  expect(bytes(400) / bytes(100)).toBeLessThan(1.1)
  // 12 windows drawn, 4 of the highest for each head.
  expect(variable(accumulated(400, params).result(), 'sequence.head').data.length).toBeLessThan(9)
})
