import { expect, it } from 'vitest'
import { headVisFacts, headVisProfile } from '#common/analysis/head-sequences/headvis-profile.ts'
import { HeadVisConfig, HeadVisHead } from '#common/analysis/head-sequences/headvis-schema.ts'

const config = HeadVisConfig.parse({
  ...{ model_name: 'm', n_layers: 1, n_heads: 1, heads: [[3, 5]], n_intervals: 4 },
  metrics: ['induction_score', 'own'],
  metric_descriptions: { own: 'what it is' }
})
const sequence = {
  ...{ sequence_id: 7, interval: 2, tokens: ['To', ' be', ',', ' or'], seq_len: 4 },
  max_activation: 0.75,
  // The first query and the first key are not what a sequence is known by.
  attention_indices: [0, 4, 9, 12, 14],
  attention_values: [1, 0.95, 0.75, 0.6, 0.2]
}
const profileOf = (own: object) =>
  headVisProfile(
    config,
    { layer: 3, head: 5, own: 2 },
    HeadVisHead.parse({ sequences: [], ...own })
  )

it('shows each sequence at the query of its largest weight but those of the first token', () => {
  const { parts, facts, numbers } = profileOf({ sequences: [sequence] })
  expect(parts).toHaveLength(1)
  expect(parts[0]).toMatchObject({ interval: 2, low: 0.75, high: 0.75, sequences: 1 })
  const [context] = parts[0]!.contexts
  expect(context).toMatchObject({ query: 2, start: 0, score: 0.75, window: 7, outside: 0 })
  expect(context!.strongest).toMatchObject({ key: 1, weight: 0.75, token: { text: ' be' } })
  expect(context!.weights).toEqual([null, 0.75, null, null])
  expect(facts.first).toEqual({ layer: 3, head: 5 })
  expect(numbers).toEqual([
    { name: 'induction_score', about: '', value: null },
    { name: 'own', about: 'what it is', value: 2 }
  ])
})

it('has of equal weights the first', () => {
  const equal = { ...sequence, attention_values: [1, 0.95, 0.75, 0.6, 0.75] }
  const [context] = profileOf({ sequences: [equal] }).parts[0]!.contexts
  expect(context).toMatchObject({ query: 2, strongest: { key: 1 } })
})

it('has nothing by a name that every object has', () => {
  const names = ['constructor', '__proto__', 'toString']
  const named = { ...config, metrics: names }
  const { numbers } = headVisProfile(named, { layer: 3, head: 5 }, HeadVisHead.parse({ sequences: [] })) // prettier-ignore
  expect(numbers).toEqual(names.map(name => ({ name, about: '', value: null })))
})

it('is cut to what a window shows, and says so of texts', () => {
  const letters = 'x'.repeat(201)
  const all = Array.from({ length: 60 }, (_, i) => `m${i}`)
  const many = { ...config, model_name: letters, dataset_name: letters.slice(1), metrics: all }
  const head = HeadVisHead.parse({
    sequences: [],
    top_query_tokens: all.map((token, weight) => ({ token, weight })),
    statistics: { mean_max_activation: 0.25 }
  })
  const { facts, numbers, queries, mean } = headVisProfile(many, undefined, head)
  expect(facts.model).toBe(`${letters.slice(1)}…`)
  expect(facts.texts).toBe(letters.slice(1))
  expect(numbers.map(({ name }) => name)).toEqual(all.slice(0, 50))
  expect(queries.map(({ token }) => token)).toEqual(all.slice(0, 12))
  expect(mean).toBe(0.25)
  for (const wrong of ['much', null, undefined])
    expect(profileOf({ statistics: { mean_max_activation: wrong } }).mean).toBeNull()
})

it('says of which model it is where Lamella wrote it', () => {
  const made = (pipeline_config: unknown) => headVisFacts({ ...config, pipeline_config })
  expect(made({ fingerprint: 'abc' }).fingerprint).toBe('abc')
  expect(made({ fingerprint: 3 }).fingerprint).toBeNull()
  expect(made(undefined).fingerprint).toBeNull()
})

it('cuts long sequences around the query, and counts what is kept of the row beyond', () => {
  const size = 300
  const long = {
    ...sequence,
    tokens: Array.from({ length: size }, (_, i) => `t${i}`),
    seq_len: size,
    attention_indices: [200 * size + 5, 200 * size + 190],
    attention_values: [0.3, 0.5]
  }
  const [context] = profileOf({ sequences: [long] }).parts[0]!.contexts
  expect(context!.start).toBe(152)
  expect(context!.tokens).toHaveLength(97)
  expect(context!.tokens[48]!.text).toBe('t200')
  expect(context!.outside).toBe(0.3)
})

it('has intervals from the lowest on, in whatever order the file has them', () => {
  const sequences = [3, 1, 2].map(interval => ({ ...sequence, interval }))
  expect(profileOf({ sequences }).parts.map(({ interval }) => interval)).toEqual([1, 2, 3])
})

it('keeps the highest of very many of an interval, and says how many there are', () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ ...sequence, max_activation: i / 30 }))
  const [part] = profileOf({ sequences: many }).parts
  expect(part!.sequences).toBe(30)
  expect(part!.contexts.map(({ score }) => score)).toEqual(
    many.slice(10).map(({ max_activation }) => max_activation)
  )
})

it.each([
  ['without edges', { bin_values: [1, 2] }],
  ['whose edges do not rise', { bin_edges: [0, 1, 1], bin_values: [1, 2] }],
  ['of nothing', { bin_edges: [0, 1, 2], bin_values: [0, 0] }],
  ['with a count below 0', { bin_edges: [0, 1, 2], bin_values: [3, -1] }],
  [
    'of more bars than a window is wide',
    { bin_edges: Array.from({ length: 502 }, (_, i) => i), bin_values: Array(501).fill(1) }
  ]
])('draws no histogram %s', (_, histogram) => {
  expect(profileOf({ histogram }).cells).toEqual([])
})

it('has the bars of a histogram, and nothing of sequences without weights', () => {
  const none = { ...sequence, attention_indices: [], attention_values: [] }
  const { cells, parts } = profileOf({
    histogram: { bin_edges: [0, 0.5, 1], bin_values: [3, 0] },
    sequences: [none]
  })
  const most = { bin_edges: [...Array(501).keys()], bin_values: Array(500).fill(1) }
  expect(profileOf({ histogram: most }).cells).toHaveLength(500)
  expect(cells).toEqual([
    { low: 0, high: 0.5, count: 3 },
    { low: 0.5, high: 1, count: 0 }
  ])
  expect(parts[0]!.contexts[0]).toMatchObject({ query: 0, strongest: { key: 0, weight: 0 } })
})
