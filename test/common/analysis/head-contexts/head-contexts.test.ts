import { serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import type { Accumulator, ModelFacts, Window } from '#common/analysis/analysis.ts'
import { earlierCopies } from '#common/analysis/earlier-copies.ts'
import { generator } from '#common/analysis/generator.ts'
import { headContextsOf } from '#common/analysis/head-contexts/contexts-of.ts'
import { headContexts } from '#common/analysis/head-contexts/head-contexts.ts'
import {
  queryScoreNamed,
  queryScoreNames,
  type QueryScoreName
} from '#common/analysis/head-contexts/query-scores.ts'
import { scoreBins } from '#common/analysis/head-contexts/score-bins.ts'
import { drawnOrder } from '#common/analysis/head-contexts/score-cells.ts'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'
import { idToken } from '#common/model/token.ts'
import { attentionDistance } from '../reference/attention-distance.ts'
import { attentionEntropy } from '../reference/attention-entropy.ts'
import { duplicateTokenScore } from '../reference/duplicate-token-score.ts'
import { inductionScore } from '../reference/induction-score.ts'

const model: ModelFacts = {
  name: 'drawn',
  config: { nLayers: 1, nHeads: 2, nKeyValueHeads: 2, dModel: 4, dHead: 2, dVocab: 50, nCtx: 64 },
  visibility: [{ causal: true, reach: null }],
  scores: null,
  predicts: 'next',
  labels: null,
  ofText: false,
  tensors: [],
  positions: null,
  texts: new Map()
}
const size = 20

interface Drawn {
  readonly window: Window
  /** [query, key] */
  readonly pattern: Float32Array
}

/** A window of few tokens, some often, and a pattern whose rows are flat or sharp. */
function drawnWindow(number: number): Drawn {
  const next = generator(number)
  const ids = Int32Array.from({ length: size }, () => Math.floor(next() * 8))
  const pattern = new Float32Array(size * size)
  for (let query = 0; query < size; query++) {
    const sharpness = 6 * next()
    const weights = Array.from({ length: query + 1 }, () => Math.exp(sharpness * next()))
    const sum = weights.reduce((sum, weight) => sum + weight, 0)
    weights.forEach((weight, key) => (pattern[query * size + key] = weight / sum))
  }
  return { window: { ids, texts: null, label: `window ${number}` }, pattern }
}

function take(accumulator: Accumulator, { window, pattern }: Drawn): void {
  accumulator.begin(window)
  const hook = 'blocks.0.attn.hook_pattern'
  accumulator.take({ kind: 'hook', hook, shape: [size, size], data: pattern.slice() }, 0)
}

function accumulated(windows: number, params: object, again = false): Accumulator {
  const parsed = headContexts.params.parse({ layer: 0, head: 1, ...params })
  let accumulator = headContexts.start(parsed, model, null)
  for (let number = 0; number < windows; number++) {
    take(accumulator, drawnWindow(number))
    if (again) {
      const state = structuredClone(accumulator.state())
      accumulator = headContexts.start(parsed, model, state)
    }
  }
  return accumulator
}

const sum = (of: readonly number[]) => of.reduce((sum, each) => sum + each, 0)
const mean = (of: readonly number[]) => sum(of) / of.length

async function contexts(windows: number, params: object) {
  const result = accumulated(windows, params).result()
  return headContextsOf(await described(result))
}

const described = (result: Dataset) =>
  headContexts.described!(result, {
    tokens: ids => Promise.resolve(ids.map(idToken)),
    labels: null
  })

/** Every query of some windows with its largest weight, by a second route. */
function largestWeights(windows: number) {
  return Array.from({ length: windows }, (_, window) => {
    const { pattern } = drawnWindow(window)
    return Array.from({ length: size - 1 }, (_, i) => {
      const query = i + 1
      const row = pattern.slice(query * size, (query + 1) * size)
      return { window, query, score: Math.max(...row), order: drawnOrder(7, window, query) }
    })
  }).flat()
}

it('parts all queries by their score, and draws from each part the first in their order', async () => {
  const windows = 30
  const { bins, queries, without } = await contexts(windows, {
    ...{ score: 'max_weight', bins: 8, per_bin: 4, seed: 7 }
  })
  const all = largestWeights(windows)
  expect([queries, without]).toEqual([all.length, windows])
  expect(bins).toHaveLength(8)
  let above = -Infinity
  for (const { low, high, count, contexts } of bins) {
    const own = all.filter(({ score }) => score >= low && score <= high)
    expect(low).toBeGreaterThan(above)
    above = high
    expect(count).toBe(own.length)
    // As many in each, but for cells that are not cut.
    expect(Math.abs(count - all.length / 8)).toBeLessThan(25)
    const first = own.sort((a, b) => a.order - b.order).slice(0, 4)
    const drawn = contexts.map(({ window, query, score }) => [window, query, score])
    expect(drawn).toEqual(
      first.sort((a, b) => a.score - b.score).map(each => [each.window, each.query, each.score])
    )
  }
  expect(above).toBe(Math.max(...all.map(({ score }) => score)))
})

it('parts the range into equal widths where that is asked', async () => {
  const all = largestWeights(30)
  const params = { score: 'max_weight', bins: 5, by: 'range', per_bin: 3, seed: 7 }
  const { bins } = await contexts(30, params)
  const lowest = Math.min(...all.map(({ score }) => score))
  const width = (Math.max(...all.map(({ score }) => score)) - lowest) / 5
  expect(bins).toHaveLength(5)
  bins.forEach(({ low, high }, bin) => {
    // But for the cell at each end.
    expect(low).toBeGreaterThan(lowest + bin * width - 0.01)
    expect(high).toBeLessThan(lowest + (bin + 1) * width + 0.01)
  })
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(all.length)
})

it('gives the text around each, the weights on it, and what lies outside', async () => {
  const { bins } = await contexts(12, { score: 'max_weight', around: 3, bins: 4 })
  for (const context of bins.flatMap(({ contexts }) => contexts)) {
    const { query, start, tokens, weights, outside, strongest } = context
    const { window, pattern } = drawnWindow(context.window)
    const row = pattern.slice(query * size, (query + 1) * size)
    expect(start).toBe(Math.max(0, query - 3))
    expect(tokens.map(({ id }) => id)).toEqual([...window.ids.slice(start, query + 4)])
    expect(weights).toEqual(
      tokens.map((_, place) => (start + place <= query ? row[start + place] : null))
    )
    const before = row.slice(0, start).reduce((sum, weight) => sum + weight, 0)
    expect(outside).toBeCloseTo(before, 6)
    expect(strongest.weight).toBe(Math.max(...row))
    expect(row[strongest.key]).toBe(strongest.weight)
    expect(strongest.token.id).toBe(window.ids[strongest.key])
    expect(context.label).toBe(`window ${context.window}, query ${query}`)
  }
})

it('has scores whose means are those of the whole pattern', () => {
  const { window, pattern } = drawnWindow(0)
  const whole = { shape: [size, size], data: pattern }
  const diagonal = (offset: number) =>
    [...Array(size - 1).keys()].map(q => pattern[(q + 1) * size + q + 1 - offset]!)
  const rows = [...Array(size - 1).keys()].map(q => [
    ...pattern.subarray((q + 1) * size, (q + 2) * size)
  ])
  // The first query, which sees itself alone, adds nothing to these sums.
  const beyondFirst = (value: number) => (value * size) / (size - 1)
  const expected: Readonly<Record<QueryScoreName, number>> = {
    previous_token: mean(diagonal(1)),
    self: mean(diagonal(0)),
    first_token: mean(rows.map(row => row[0]!)),
    duplicate_token: duplicateTokenScore(whole, window.ids),
    induction: inductionScore(whole, window.ids),
    max_weight: mean(rows.map(row => Math.max(...row))),
    max_beyond_first: mean(rows.map(row => Math.max(...row.slice(1)))),
    entropy: beyondFirst(attentionEntropy(whole)),
    distance: beyondFirst(attentionDistance(whole))
  }
  for (const score of queryScoreNames) {
    const result = accumulated(1, { score }).result()
    expect(variable(result, 'mean').data[0], score).toBeCloseTo(expected[score], 6)
  }
})

it('is of what is left of each row where the first key is hidden', async () => {
  const windows = 6
  /** Of queries that see two keys or more but the first: [key] from 1 on. */
  const rows = [...Array(windows).keys()].flatMap(number => {
    const { window, pattern } = drawnWindow(number)
    return [...Array(size - 2).keys()].map(i => {
      const query = i + 2
      const [first, ...rest] = pattern.subarray(query * size, query * size + query + 1)
      return { query, ids: window.ids, row: rest.map(weight => weight / (1 - first!)) }
    })
  })
  const duplicates = rows.flatMap(({ query, ids, row }) => {
    const copies = row.filter((_, i) => i + 1 < query && ids[i + 1] === ids[query])
    return copies.length === 0 ? [] : [sum(copies)]
  })
  // What followed copies, that of the first token, too: it is the second one.
  const inductions = rows.flatMap(({ query, ids, row }) => {
    const after = row.filter((_, i) => i < query && ids[i] === ids[query])
    return after.length === 0 ? [] : [sum(after)]
  })
  const largest = mean(rows.map(({ row }) => Math.max(...row)))
  const expected: Partial<Record<QueryScoreName, number>> = {
    previous_token: mean(rows.map(({ row }) => row.at(-2)!)),
    self: mean(rows.map(({ row }) => row.at(-1)!)),
    duplicate_token: mean(duplicates),
    induction: mean(inductions),
    max_weight: largest,
    max_beyond_first: largest,
    entropy: mean(rows.map(({ row }) => sum(row.map(weight => -weight * Math.log(weight))))),
    distance: mean(rows.map(({ query, row }) => sum(row.map((w, i) => w * (query - 1 - i)))))
  }
  for (const [score, value] of Object.entries(expected)) {
    const result = accumulated(windows, { score, first_token: 'hidden' }).result()
    expect(variable(result, 'mean').data[0], score).toBeCloseTo(value, 5)
  }
  const { queries, without, bins } = await contexts(windows, {
    first_token: 'hidden',
    around: size
  })
  expect([queries, without]).toEqual([rows.length, 2 * windows])
  for (const { query, weights } of bins.flatMap(({ contexts }) => contexts)) {
    expect(weights[0]).toBeNull()
    expect(sum(weights.slice(1, query + 1).map(weight => weight!))).toBeCloseTo(1, 5)
  }
  const none = await contexts(windows, { score: 'first_token', first_token: 'hidden' })
  expect([none.queries, none.without]).toEqual([0, windows * size])
})

it('sets beside them what attention spread alike would have', () => {
  const result = accumulated(3, { score: 'previous_token' }).result()
  const shares = [...Array(size - 1).keys()].map(i => 1 / (i + 2))
  expect(variable(result, 'baseline').data[0]).toBeCloseTo(mean(shares), 6)
})

it('goes on from a state to the same result, bit for bit', () => {
  for (const score of ['induction', 'entropy'])
    expect(accumulated(20, { score }, true).result()).toEqual(accumulated(20, { score }).result())
})

it('holds no more the longer it reads', () => {
  const params = { score: 'max_weight', per_bin: 2, around: 5, by: 'range' }
  const bytes = (windows: number) => serialize(accumulated(windows, params).state()).byteLength
  // Each cell has at most two contexts of eleven tokens, of eight bytes each, and what is said of them.
  expect(bytes(600)).toBeLessThan(512 * (100 + 2 * (11 * 8 + 400)))
  expect(bytes(600)).toBeGreaterThan(bytes(60))
  expect(bytes(1200) / bytes(600)).toBeLessThan(1.3)
})

it('draws each query of a part as often as any other', () => {
  const drawn = new Float64Array(size)
  for (let seed = 0; seed < 2000; seed++) {
    const params = { score: 'max_weight', bins: 1, per_bin: 1, seed }
    drawn[variable(accumulated(1, params).result(), 'context.query').data[0]!]!++
  }
  // 2000 draws of 19: 105, standard deviation 10.
  for (const times of drawn.slice(1)) expect(Math.abs(times - 2000 / 19)).toBeLessThan(50)
})

it('is empty where no query has the score', async () => {
  const parsed = headContexts.params.parse({ layer: 0, head: 0, score: 'induction' })
  const accumulator = headContexts.start(parsed, model, null)
  const { pattern } = drawnWindow(0)
  const ids = Int32Array.from({ length: size }, (_, i) => i)
  take(accumulator, { window: { ids, texts: null, label: 'all different' }, pattern })
  const { bins, queries, without } = headContextsOf(await described(accumulator.result()))
  expect({ bins, queries, without }).toEqual({ bins: [], queries: 0, without: size })
})

it('names the head that a model does not have', () => {
  const params = headContexts.params.parse({ layer: 0, head: 2 })
  expect(() => headContexts.needs(params, model, 0)).toThrow('head 2 is outside 0…1')
})

it('sees no further than its layer does, and of an encoder what comes after, too', () => {
  const own = (visibility: ModelFacts['visibility'], params: object, pattern: Float32Array) => {
    const parsed = headContexts.params.parse({ layer: 0, head: 0, ...params })
    const accumulator = headContexts.start(parsed, { ...model, visibility }, null)
    take(accumulator, { ...drawnWindow(0), pattern })
    return accumulator.result()
  }
  const near = [{ causal: true, reach: 3 }]
  const pattern = uniformPattern(size, near[0]!).data
  // As it is spread alike it is its own baseline, of queries of two, three and then always four keys.
  const result = own(near, { score: 'self', bins: 1 }, pattern)
  const all = mean([1 / 2, 1 / 3, ...Array<number>(size - 3).fill(1 / 4)])
  expect(variable(result, 'mean').data[0]).toBeCloseTo(all, 6)
  expect(variable(result, 'baseline').data[0]).toBeCloseTo(all, 6)
  // Of equal weights the earliest is named as the strongest.
  variable(result, 'context.query').data.forEach((query, i) =>
    expect(variable(result, 'context.strongest').data[i]).toBe(Math.max(0, query - 3))
  )
  const ones = uniformPattern(size, { causal: false, reach: null }).data
  const both = own([{ causal: false, reach: null }], { score: 'self', around: 2 }, ones)
  variable(both, 'context.query').data.forEach((query, i) => {
    const shown = Math.min(size - 1, query + 2) - Math.max(0, query - 2) + 1
    expect(variable(both, 'context.outside').data[i]).toBeCloseTo((size - shown) / size, 6)
  })
})

it('cuts cells of equal width along the scale of the score, and keeps entropies that rounding leaves below 0', () => {
  const edges = (score: QueryScoreName) => {
    const result = accumulated(2, { score }).result()
    const [low, high] = ['cell.low', 'cell.high'].map(name => variable(result, name).data)
    expect(low).toHaveLength(512)
    expect([...high!.slice(0, -1)]).toEqual([...low!.slice(1)])
    const counts = variable(result, 'cell.queries').data
    const occupied = [...counts.keys()].filter(cell => counts[cell]! > 0)
    const { data: bins } = variable(result, 'bin.low')
    // The lowest score lies in the first cell that has one.
    expect(bins[0]).toBeGreaterThanOrEqual(low![occupied[0]!]! - 1e-9)
    expect(bins[0]).toBeLessThanOrEqual(high![occupied[0]!]! + 1e-9)
    return [low![0], low![256], high![511]].map(edge => expect.closeTo(edge!, 9) as number)
  }
  expect([0, 1 / 4, 1]).toEqual(edges('max_weight'))
  expect([0, Math.log(64) / 2, Math.log(64)]).toEqual(edges('entropy'))
  expect([0, Math.sqrt(65) - 1, 64]).toEqual(edges('distance'))
  const weights = Float32Array.of(0, 1 + 2 ** -20)
  const row = { weights, query: 1, start: 0, end: 2, copies: earlierCopies([1, 2]) }
  expect(queryScoreNamed('entropy').of({ ...row, firstHidden: false })).toBe(0)
})

describe('parts of scores', () => {
  const cell = (score: number, count: number) => ({ count, low: score, high: score + 1, kept: [] })
  const told = (cells: ReturnType<typeof cell>[], by: 'count' | 'range') =>
    scoreBins(cells, 2, by, 1).map(({ low, high, count }) => [low, high, count])

  it('have each cell where most of its queries belong', () => {
    // The middle of the second cell's queries is below that of all.
    const cells = [cell(0, 1), cell(2, 4), cell(4, 5)]
    expect(told(cells, 'count')).toEqual([
      [0, 3, 5],
      [4, 5, 5]
    ])
  })

  it('have each cell where its middle lies', () => {
    // From 0 to 10: the middle of the second cell is 4.5.
    expect(told([cell(0, 1), cell(4, 1), cell(9, 1)], 'range')).toEqual([
      [0, 5, 2],
      [9, 10, 1]
    ])
  })
})
