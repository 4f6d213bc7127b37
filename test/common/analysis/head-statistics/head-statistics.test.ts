import { describe, expect, it } from 'vitest'
import type { ModelFacts, Window } from '#common/analysis/analysis.ts'
import {
  findingLimits,
  findingsOf as reported,
  type Finding
} from '#common/analysis/head-atlas/findings.ts'
import { windowNotes } from '#common/analysis/head-atlas/windows.ts'
import { generator } from '#common/analysis/generator.ts'
import { headStatistics } from '#common/analysis/head-statistics/head-statistics.ts'
import { uniformPattern } from '#common/analysis/uniform-pattern.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'

const nHeads = 4
const model: ModelFacts = {
  name: 'planted',
  config: { nLayers: 1, nHeads, nKeyValueHeads: nHeads, dModel: 4, dHead: 2, dVocab: 50, nCtx: 64 },
  visibility: [{ causal: true, reach: null }],
  scores: null,
  predicts: 'next',
  labels: null,
  ofText: false,
  tensors: [],
  positions: null,
  texts: new Map()
}

const size = 24
const next = generator(11)

/** Where a head puts the half of its attention that is not spread by chance; null for nowhere. */
type Planted = (query: number, window: Window, number: number) => number | null

const planted: readonly Planted[] = [
  query => (query > 0 ? query - 1 : null),
  () => null,
  // What it does in the first half it no longer does in the second.
  (_, __, number) => (number < 12 ? 0 : null),
  (query, { texts }) => texts!.slice(0, query + 1).lastIndexOf('7')
]

function patternsOf(window: Window, number: number): Float32Array {
  const data = new Float32Array(nHeads * size * size)
  planted.forEach((at, head) => {
    for (let query = 0; query < size; query++) {
      const row = head * size * size + query * size
      const weights = Array.from({ length: query + 1 }, () => 0.5 + next())
      const sum = weights.reduce((sum, weight) => sum + weight, 0)
      const key = at(query, window, number) ?? -1
      const share = key < 0 ? 1 : 0.5
      weights.forEach((weight, i) => (data[row + i] = (share * weight) / sum))
      if (key >= 0) data[row + key]! += 0.5
    }
  })
  return data
}

function windowAt(number: number): Window {
  const letters = Array.from({ length: size }, () => 'abcdefghijklm77 '[Math.floor(next() * 16)]!)
  // So that the first token is of no class more than of another.
  letters[0] = 'ab7 '[number % 4]!
  const ids = Int32Array.from(letters, letter => letter.charCodeAt(0) % 50)
  return { ids, texts: letters, label: `window ${number}` }
}

function statistics(params: object = {}, count = 24, again = false, overlap = false): Dataset {
  const parsed = headStatistics.params.parse(params)
  let accumulator = headStatistics.start(parsed, model, null)
  for (let number = 0; number < count; number++) {
    const window = windowAt(number)
    accumulator.begin({ ...window, ...(overlap && number > 0 && { overlaps: true }) })
    const data = patternsOf(window, number)
    const hook = 'blocks.0.attn.hook_pattern'
    accumulator.take({ kind: 'hook', hook, shape: [nHeads, size, size], data }, 0)
    if (again)
      accumulator = headStatistics.start(parsed, model, structuredClone(accumulator.state()))
  }
  return accumulator.result()
}

const findingsOf = (result: Dataset) => {
  const scores = result.axes['score']!.labels!
  const holds = variable(result, 'finding.holds').data
  const heads = variable(result, 'finding.head').data
  return [...variable(result, 'finding.score').data].map(
    (score, i) => `${heads[i]} ${scores[score]} ${holds[i] === 1 ? 'holds' : 'fails'}`
  )
}

it('finds what heads do, and what they no longer do on the other half', () => {
  expect(findingsOf(statistics()).sort()).toEqual([
    '0 previous_token holds',
    '2 first_token fails',
    '3 to_digit holds'
  ])
})

it('has classes of its own, by their texts', () => {
  const result = statistics({ classes: { sevens: '^7$' } })
  expect(findingsOf(result)).toContain('3 to_sevens holds')
  const scores = result.axes['score']!.labels!
  const value = variable(result, 'value').data
  const of = (name: string) => value[scores.indexOf(name) * nHeads + 3]
  expect(of('to_sevens')).toBe(of('to_digit'))
})

it.each([
  { classes: { vowel: 'x' } },
  { classes: { own: '(' } },
  { classes: { 'not a name': 'x' } }
])('refuses %j', params => {
  expect(() => headStatistics.params.parse(params)).toThrow()
})

it('finds nothing where there are too few windows, and goes on from where it was', () => {
  expect(findingsOf(statistics({}, 4))).toEqual([])
  expect(findingsOf(statistics({}, 24, true)).sort()).toEqual([
    '0 previous_token holds',
    '2 first_token fails',
    '3 to_digit holds'
  ])
})

it.each([false, true])('tests nothing of windows that overlap, gone on with: %s', again => {
  const result = statistics({}, 24, again, true)
  expect(findingsOf(result)).toEqual([])
  const drawn = ['low', 'high', 'p', 'mean.low', 'mean.high', 'mean.above_low', 'mean.above_high']
  for (const name of drawn)
    expect(
      variable(result, name).data.every(own => Number.isNaN(own)),
      name
    ).toBe(true)
  // Planted: half of it and of what is spread alike a part.
  const previous = result.axes['score']!.labels!.indexOf('previous_token')
  expect(variable(result, 'value').data[previous * nHeads]).toBeGreaterThan(0.5)
  expect(windowNotes(result)).toEqual([expect.stringMatching(/^Windows overlap: .*no p/)])
  expect(
    findingLimits({ ...result, attributes: { ...result.attributes, windows: 3 } }, '')
  ).toEqual([])
})

it('has the curve over offsets, which its scores are points of', () => {
  const result = statistics()
  const scores = result.axes['score']!.labels!
  const value = (name: string) => {
    const from = scores.indexOf(name) * nHeads
    return [...variable(result, 'value').data.subarray(from, from + nHeads)]
  }
  const { data } = variable(result, 'offset')
  const curve = (offset: number) =>
    Array.from({ length: nHeads }, (_, head) => data[head * size + offset])
  expect(curve(0)).toEqual(value('self').map(own => expect.closeTo(own, 12) as number))
  expect(curve(1)).toEqual(value('previous_token').map(own => expect.closeTo(own, 12) as number))
  // Of q + 1 keys each has one part.
  const harmonic = Array.from({ length: size }, (_, q) => 1 / (q + 1)).reduce((a, b) => a + b)
  expect(variable(result, 'baseline.offset').data[0]).toBeCloseTo(harmonic / size, 6)
})

it('pools neighbours of many windows: what it holds does not grow, and the means are the same', () => {
  const many = statistics({ times: 100 }, 1100)
  expect(many.attributes['windows_each']).toBe(2)
  const scores = many.axes['score']!.labels!
  expect(variable(many, 'windows').data[scores.indexOf('self')]).toBe(550)
  expect(variable(many, 'finding.tested.windows').data[0]).toBe(275)
  const { data: curve } = variable(many, 'offset')
  const self = scores.indexOf('self') * nHeads
  for (let head = 0; head < nHeads; head++)
    expect(variable(many, 'value').data[self + head]).toBeCloseTo(curve[head * size]!, 12)
  expect(findingsOf(many)).toContain('0 previous_token holds')
  expect(statistics().attributes['windows_each']).toBe(1)

  const attributes = { ...many.attributes, params: { least: 0.1 } }
  const [{ text }] = reported({ ...many, attributes }, null) as [Finding]
  expect(text).toMatch(/held on \d+ of 275 groups of 2 windows$/)
  expect(windowNotes(many)).toEqual([expect.stringContaining('groups of 2 windows')])
  expect(windowNotes(statistics())).toEqual([])
})

it('has the mean over heads of each score, and what letters attend to, with intervals', () => {
  const result = statistics({}, 24)
  const [scores, means] = [result.axes['score']!.labels!, result.axes['mean']!.labels!]
  expect(means).toEqual([...scores, 'letter_to_vowel', 'letter_to_consonant', 'letter_to_space'])
  const mean = (fact: string, name: string) =>
    variable(result, `mean.${fact}`).data[means.indexOf(name)]!
  const ofHeads = (name: string) => {
    const from = scores.indexOf(name) * nHeads
    const own = [...variable(result, 'value').data.subarray(from, from + nHeads)]
    return own.reduce((sum, value) => sum + value, 0) / nHeads
  }
  for (const name of ['previous_token', 'first_token', 'entropy', 'to_digit'])
    expect(mean('value', name)).toBeCloseTo(ofHeads(name), 12)
  for (const name of means) {
    if (mean('windows', name) === 0) continue
    expect(mean('above', name)).toBeCloseTo(mean('value', name) - mean('baseline', name), 12)
    expect(mean('low', name)).toBeLessThan(mean('value', name))
    expect(mean('high', name)).toBeGreaterThan(mean('value', name))
    expect(mean('above_low', name)).toBeLessThan(mean('above', name))
    expect(mean('above_high', name)).toBeGreaterThan(mean('above', name))
  }
})

it('has of letters what their rows of the pattern say', () => {
  const accumulator = headStatistics.start(headStatistics.params.parse({}), model, null)
  // Nobody but letters sees: rows of the digit and the space are not among them.
  const texts = ['a', 'b', '7', 'e', ' ', 'c']
  const rows = [
    [1, 0, 0, 0, 0, 0],
    [0.25, 0.75, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0],
    [0.1, 0.2, 0.3, 0.4, 0, 0],
    [1, 0, 0, 0, 0, 0],
    [0.1, 0.1, 0.1, 0.2, 0.2, 0.3]
  ]
  accumulator.begin({ ids: Int32Array.from(texts, (_, i) => i), texts, label: 'letters' })
  const data = Float32Array.from(Array.from({ length: nHeads }, () => rows.flat()).flat())
  const hook = 'blocks.0.attn.hook_pattern'
  accumulator.take({ kind: 'hook', hook, shape: [nHeads, 6, 6], data }, 0)
  const result = accumulator.result()
  const means = result.axes['mean']!.labels!
  const { data: values } = variable(result, 'mean.value')
  const of = (name: string) => values[means.indexOf(`letter_to_${name}`)]
  expect(of('vowel')).toBeCloseTo((1 + 0.25 + (0.1 + 0.4) + (0.1 + 0.2)) / 4, 6)
  expect(of('consonant')).toBeCloseTo((0.75 + 0.2 + (0.1 + 0.3)) / 4, 6)
  expect(of('space')).toBeCloseTo(0.2 / 4, 6)
  const { data: uniform } = variable(result, 'mean.baseline')
  const vowels = (1 + 1 / 2 + 2 / 4 + 2 / 6) / 4
  expect(uniform[means.indexOf('letter_to_vowel')]).toBeCloseTo(vowels, 6)
})

it('asks as much of a finding as it says, and counts the windows of each half', () => {
  expect(headStatistics.params.parse({})).toMatchObject({ least: 0.1, alpha: 0.05 })
  // No window of any flip is as far: p is 1 of 1,001.
  expect(findingsOf(statistics({ alpha: 1 / 1001 }))).toContain('0 previous_token holds')
  expect(findingsOf(statistics({ alpha: 0.6 / 1001 }))).toEqual([])
  // A half of the attention, and what is spread beside it.
  expect(findingsOf(statistics({ least: 0.3 }))).toContain('0 previous_token holds')
  expect(findingsOf(statistics({ least: 0.6 }))).toEqual([])
  const odd = statistics({}, 25)
  expect(variable(odd, 'finding.found.windows').data[0]).toBe(12)
  expect(variable(odd, 'finding.tested.windows').data[0]).toBe(13)
  const previous = odd.axes['score']!.labels!.indexOf('previous_token') * nHeads
  expect(variable(odd, 'above').data[previous]).toBe(25)
})

it('has the best offset of those that a quarter of the queries have, the token itself apart', () => {
  const accumulator = headStatistics.start(headStatistics.params.parse({}), model, null)
  const n = 8
  const keys = [
    (query: number) => (query < 5 ? query : query - 5),
    (query: number) => query,
    (query: number) => (query < 7 ? Math.max(0, query - 2) : 0),
    (query: number) => query - (query % 2)
  ]
  const data = new Float32Array(nHeads * n * n)
  keys.forEach((keyOf, head) => {
    for (let query = 0; query < n; query++) data[(head * n + query) * n + keyOf(query)] = 1
  })
  accumulator.begin({ ids: new Int32Array(n), texts: null, label: 'window' })
  const hook = 'blocks.0.attn.hook_pattern'
  accumulator.take({ kind: 'hook', hook, shape: [nHeads, n, n], data }, 0)
  const result = accumulator.result()
  // Of the third head the farthest, which one query has, is more often looked at than two back.
  expect([...variable(result, 'best_offset').data]).toEqual([5, 1, 2, 1])
  expect(variable(result, 'best_offset_value').data[0]).toBe(1)
})

describe('windows of several lengths', () => {
  const layered: ModelFacts = {
    ...model,
    config: { ...model.config!, nLayers: 2, nHeads: 1, nKeyValueHeads: 1 },
    visibility: [
      { causal: true, reach: null },
      { causal: true, reach: 1 }
    ]
  }
  const texts = [
    ['a', 'b', 'a', '7'],
    [null, 'b', 'b', 'a', 'b', 'e', 'b'],
    ['c', ' ', 'c', 'c', 'e'],
    ['7', '7', null]
  ]
  /** [window][layer] */
  const uniform = texts.map(({ length }) =>
    layered.visibility!.map(visibility => uniformPattern(length, visibility).data)
  )
  const idOf = (text: string | null) => text?.charCodeAt(0) ?? 0

  function told(patterns: readonly (readonly Float32Array[])[]) {
    const accumulator = headStatistics.start(headStatistics.params.parse({}), layered, null)
    texts.forEach((own, window) => {
      const ids = Int32Array.from(own, idOf)
      accumulator.begin({ ids, texts: own, label: `window ${window}` })
      patterns[window]!.forEach((data, layer) => {
        const hook = `blocks.${layer}.attn.hook_pattern`
        accumulator.take({ kind: 'hook', hook, shape: [1, own.length, own.length], data }, 0)
      })
    })
    const result = accumulator.result()
    const at = (axis: 'score' | 'mean', name: string) => result.axes[axis]!.labels!.indexOf(name)
    return {
      value: (name: string) => variable(result, 'value').data[2 * at('score', name)],
      baselines: (name: string) =>
        [0, 1].map(layer => variable(result, 'baseline').data[2 * at('score', name) + layer]),
      mean: (fact: string, name: string) => variable(result, `mean.${fact}`).data[at('mean', name)]
    }
  }

  it('count by their queries: each score is that of all of them together', () => {
    const patterns = uniform.map(([first, second]) => [
      first!.map(weight => weight * (0.5 + next())),
      second!
    ])
    /** Of queries that have such a key the mean of what they give it, over the windows that count. */
    const pooled = (
      isPair: (own: readonly (string | null)[], query: number, key: number) => boolean,
      counts: (own: readonly (string | null)[], query: number) => boolean
    ) => {
      let [sum, queries] = [0, 0]
      texts.forEach((own, window) =>
        own.forEach((_, query) => {
          if (!counts(own, query)) return
          queries++
          for (let key = 0; key <= query; key++)
            if (isPair(own, query, key)) sum += patterns[window]![0]![query * own.length + key]!
        })
      )
      return expect.closeTo(sum / queries, 6) as number
    }
    const { value, mean } = told(patterns)
    const hasCopy = (own: readonly (string | null)[], query: number) =>
      own.slice(0, query).includes(own[query]!)
    expect(value('previous_token')).toEqual(
      pooled(
        (_, query, key) => key === query - 1,
        (_, query) => query > 0
      )
    )
    expect(value('duplicate_token')).toEqual(
      pooled((own, query, key) => key < query && own[key] === own[query], hasCopy)
    )
    expect(value('induction')).toEqual(
      pooled((own, query, key) => key > 0 && own[key - 1] === own[query], hasCopy)
    )
    expect(value('to_special')).toEqual(
      pooled(
        (own, _, key) => own[key] === null,
        own => own.includes(null)
      )
    )
    // Over both layers: twice this, less the second.
    const letters = (own: readonly (string | null)[], query: number) =>
      /[a-z]/.test(own[query] ?? '')
    const first = pooled(
      (own, _, key) => /[aeiou]/.test(own[key] ?? ''),
      (own, query) => own.some(text => /[aeiou]/.test(text ?? '')) && letters(own, query)
    )
    const { mean: spread } = told(uniform.map(([, second]) => [second!, second!]))
    expect(2 * mean('value', 'letter_to_vowel')! - spread('value', 'letter_to_vowel')!).toEqual(
      first
    )
  })

  it('are each beside what their layer lets them see', () => {
    const { baselines, mean } = told(uniform)
    const queries = texts.flatMap(own => [...own.keys()].slice(1))
    const all = queries.reduce((sum, query) => sum + 1 / (query + 1), 0) / queries.length
    expect(baselines('previous_token')).toEqual([
      expect.closeTo(all, 6) as number,
      expect.closeTo(0.5, 6) as number
    ])
    // Attention that is spread alike is as far above as that, in each window: there is nothing to be unsure of.
    for (const fact of ['above', 'above_low', 'above_high'])
      expect(mean(fact, 'previous_token'), fact).toBeCloseTo(0, 6)
    expect(mean('high', 'previous_token')! - mean('low', 'previous_token')!).toBeGreaterThan(0.01)
  })
})
