import { z } from 'zod'
import { axis, type Dataset } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { blockHookName } from '../../model/hooks.ts'
import { Seed } from '../../model/seed.ts'
import { visibleKeys } from '../../model/visibility.ts'
import { nothing, type Analysis, type Given, type State, type Window } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { earlierCopies, type EarlierCopies } from '../earlier-copies.ts'
import { firstTokens, withoutFirstKey } from '../first-token.ts'
import { givenDataset } from '../given.ts'
import { layersOf, widthsOf } from '../model-widths.ts'
import { queryScoreNamed, queryScoreNames, queryScores, type QueryRow } from './query-scores.ts'
import { binnings, scoreBins } from './score-bins.ts'
import { addScore, cellCount, drawnOrder, scoreCells, type ScoreCell } from './score-cells.ts'

const HeadContextParams = z.strictObject({
  layer: z.int().min(0),
  head: z.int().min(0),
  /** The number of each query that tells how much the head does what is asked about. */
  score: z.enum(queryScoreNames).default('max_beyond_first'),
  /** Parts of the range of scores, at most. */
  bins: z.int().min(1).max(50).default(10),
  /** `count`: each part has as many queries; `range`: each is as wide. */
  by: z.enum(binnings).default('count'),
  /** Contexts drawn from each. */
  per_bin: z.int().min(1).max(20).default(5),
  /** Tokens before and after the query that are shown with it. */
  around: z.int().min(0).max(128).default(32),
  /** `hidden`: of patterns without their first key, each row divided by what is left of it. */
  first_token: z.enum(firstTokens).default('shown'),
  /** Equal seeds draw alike. */
  seed: Seed
})
type HeadContextParams = z.infer<typeof HeadContextParams>

const perContext = (name: string, unit: string, about: string): Given => ({
  name: `context.${name}`,
  axes: ['context'],
  ...{ unit, about }
})

const gives: readonly Given[] = [
  { name: 'queries', axes: [], unit: '', about: 'queries that have the score' },
  { name: 'without', axes: [], unit: '', about: 'queries that have none, or see one key alone' },
  { name: 'mean', axes: [], unit: '', about: 'of the score' },
  {
    name: 'baseline',
    axes: [],
    unit: '',
    about: 'the mean of the same queries, were their attention spread alike over what they see'
  },
  { name: 'cell.low', axes: ['cell'], unit: '', about: 'where each cell of the histogram begins' },
  { name: 'cell.high', axes: ['cell'], unit: '', about: 'where it ends' },
  { name: 'cell.queries', axes: ['cell'], unit: '', about: 'queries in it' },
  { name: 'bin.low', axes: ['bin'], unit: '', about: 'the lowest score in it' },
  { name: 'bin.high', axes: ['bin'], unit: '', about: 'the highest score in it' },
  { name: 'bin.queries', axes: ['bin'], unit: '', about: 'queries in it' },
  perContext('bin', '', 'which part of the range it was drawn from'),
  perContext('score', '', 'of its query'),
  perContext('window', '', 'which window it is in, from 0'),
  perContext('query', 'tokens', 'where its query is in the window'),
  perContext('start', 'tokens', 'where its first token is in the window'),
  perContext('outside', '', 'weight on keys that are not shown with it'),
  perContext('strongest', 'tokens', 'where the key of the largest weight is in the window'),
  perContext('strongest_token', '', 'its token id'),
  perContext('strongest_weight', '', 'that weight'),
  {
    name: 'token',
    axes: ['context', 'place'],
    unit: '',
    about: 'token ids, the query and what is around it in order; −1 beyond the window'
  },
  {
    name: 'weight',
    axes: ['context', 'place'],
    unit: '',
    about: 'A[q, k] of each as a key; NaN where the query does not see it'
  }
]

/** What a head does over many texts: how a number of its queries is distributed, with contexts from all of its range. */
export const headContexts: Analysis<HeadContextParams> = {
  name: 'head-contexts',
  version: 2,
  of: 'windows',
  compares: false,
  keeps: true,
  params: HeadContextParams,
  about: {
    what: 'One head over many texts: how a score of its queries is distributed, and queries drawn from the whole range of it, not from its top alone, each with the text around and the weights on it.',
    formulas: queryScores.map(({ name, about }) => `${name}: ${about}`),
    sources: [
      'contexts over the whole range of activation: HeadVis, 2026',
      'drawing: the first k of an order drawn by chance (bottom-k sampling), Cohen & Kaplan 2007'
    ],
    read: `A is the pattern [query, key], t the token ids. Queries that see one key alone are left out: they have no choice. Scores are counted in ${cellCount} cells, of equal width along √score (shares), the score (entropy) or ln(1 + score) (distance); each cell keeps the first per_bin queries of an order that seed, window and query determine. Cells are then joined into bins, of as many queries each (count) or as wide (range), so a bin's contexts are drawn from all of its queries alike, and memory does not grow with the text. A cell is not cut: there are fewer bins where many scores are nearly the same. With first_token hidden all is of patterns without their first key, each row divided by what is left of it; queries that are left nothing have no score.`,
    baseline: 'The mean of the same score of attention spread alike over all that each query sees.'
  },
  gives,

  needs({ layer, head }, model) {
    const hooks = layersOf(model, [layer]).map(own => blockHookName(own, 'attn.hook_pattern'))
    checkIndex('head', head, widthsOf(model).nHeads)
    return { ...nothing, slice: head, hooks }
  },

  start(params, model, state) {
    const { layer, seed, per_bin: most, around } = params
    const firstHidden = params.first_token === 'hidden'
    const score = queryScoreNamed(params.score)
    const scale = score.scale(model)
    const visibility = model.visibility?.[layer] ?? null
    const sampled = (state as Sampled | null) ?? {
      ...{ windows: 0, without: 0, queries: 0, sum: 0, baseline: 0 },
      cells: scoreCells<Context>()
    }
    let window: Window | null = null
    let copies: EarlierCopies = earlierCopies([])
    /** Filled anew for each query. */
    let spread = new Float32Array(0)

    /** Takes in one query of the window under way. */
    function add(row: QueryRow, { ids, label }: Window): void {
      const hasChoice = row.end - row.start > 1 && (!firstHidden || row.weights.some(isPositive))
      const value = hasChoice ? score.of(row) : NaN
      if (Number.isNaN(value)) {
        sampled.without++
        return
      }
      sampled.queries++
      sampled.sum += value
      if (visibility !== null) sampled.baseline += score.of(uniformRow(row, spread))
      const number = sampled.windows - 1
      const order = drawnOrder(seed, number, row.query)
      addScore(sampled.cells, { place: scale.place(value), score: value, order }, most, () => ({
        ...{ window: number, label },
        ...contextOf(row, ids, around)
      }))
    }

    return {
      begin(next) {
        window = next
        copies = earlierCopies(next.ids)
        spread = new Float32Array(next.ids.length)
        sampled.windows++
      },
      take(taken) {
        if (taken.kind !== 'hook' || window === null) return
        const size = window.ids.length
        const { data } = firstHidden
          ? withoutFirstKey({ shape: [size, size], data: taken.data })
          : taken
        for (let query = 0; query < size; query++) {
          const weights = data.subarray(query * size, (query + 1) * size)
          const { start, end } =
            visibility === null ? { start: 0, end: size } : visibleKeys(visibility, query, size)
          const from = firstHidden ? Math.max(1, start) : start
          add({ weights, query, start: from, end, copies, firstHidden }, window)
        }
      },
      result: () =>
        contextsDataset(sampled, params, visibility !== null, place => scale.score(place)),
      state: () => sampled
    }
  },

  described: (result, { tokens }) =>
    describedTokens(result, ['token', 'context.strongest_token'], tokens)
}

function isPositive(weight: number): boolean {
  return weight > 0
}

/** All windows so far. */
interface Sampled extends State {
  windows: number
  without: number
  queries: number
  /** Of the scores, and of those of uniform attention. */
  sum: number
  baseline: number
  readonly cells: ScoreCell<Context>[]
}

/** A query with the text around. */
interface Context {
  readonly window: number
  /** Of its window. */
  readonly label: string
  readonly query: number
  readonly start: number
  /** [token], from `start` on. */
  readonly ids: Int32Array
  /** [token], NaN where it is not seen. */
  readonly weights: Float32Array
  readonly outside: number
  readonly strongest: { readonly key: number; readonly id: number; readonly weight: number }
}

function contextOf(
  { weights, query, start, end }: QueryRow,
  ids: Int32Array,
  around: number
): Omit<Context, 'window' | 'label'> {
  const first = Math.max(0, query - around)
  const last = Math.min(ids.length, query + around + 1)
  const own = weights.slice(first, last)
  let outside = 0
  let strongest = start
  for (let key = start; key < end; key++) {
    if (weights[key]! > weights[strongest]!) strongest = key
    if (key < first || key >= last) outside += weights[key]!
  }
  for (let key = first; key < last; key++) if (key < start || key >= end) own[key - first] = NaN
  return {
    ...{ query, start: first, ids: ids.slice(first, last), weights: own, outside },
    strongest: { key: strongest, id: ids[strongest]!, weight: weights[strongest]! }
  }
}

/** The same query, were its attention spread alike. */
function uniformRow(row: QueryRow, weights: Float32Array): QueryRow {
  weights.fill(0).fill(1 / (row.end - row.start), row.start, row.end)
  return { ...row, weights }
}

function contextsDataset(
  { cells, queries, without, sum, baseline }: Sampled,
  { bins: count, by, per_bin: most, around, score }: HeadContextParams,
  hasBaseline: boolean,
  scoreAt: (place: number) => number
): Dataset {
  const { unit } = queryScoreNamed(score)
  const bins = scoreBins(cells, count, by, most)
  const drawn = bins.flatMap(({ drawn }, bin) => drawn.map(one => ({ ...one, bin })))
  const width = 2 * around + 1
  const token = new Int32Array(drawn.length * width).fill(-1)
  const weight = new Float32Array(drawn.length * width).fill(NaN)
  drawn.forEach(({ item: { query, start, ids, weights } }, row) => {
    const at = row * width + start - (query - around)
    token.set(ids, at)
    weight.set(weights, at)
  })
  const integers = (of: (one: (typeof drawn)[number]) => number) => Int32Array.from(drawn, of)
  const numbers = (of: (one: (typeof drawn)[number]) => number) => Float64Array.from(drawn, of)
  const edges = (offset: 0 | 1) =>
    Float64Array.from(cells, (_, cell) => scoreAt((cell + offset) / cells.length))
  const result = givenDataset(
    gives,
    {
      cell: axis(cells.length),
      bin: axis(bins.length),
      place: axis(width),
      context: axis(drawn.map(({ item: { label, query } }) => `${label}, query ${query}`))
    },
    {
      queries: Float64Array.of(queries),
      without: Float64Array.of(without),
      mean: Float64Array.of(sum / queries),
      ...(hasBaseline && { baseline: Float64Array.of(baseline / queries) }),
      'cell.low': edges(0),
      'cell.high': edges(1),
      'cell.queries': Float64Array.from(cells, cell => cell.count),
      'bin.low': Float64Array.from(bins, ({ low }) => low),
      'bin.high': Float64Array.from(bins, ({ high }) => high),
      'bin.queries': Float64Array.from(bins, bin => bin.count),
      'context.bin': integers(({ bin }) => bin),
      'context.score': numbers(({ score }) => score),
      'context.window': integers(({ item }) => item.window),
      'context.query': integers(({ item }) => item.query),
      'context.start': integers(({ item }) => item.start),
      'context.outside': numbers(({ item }) => item.outside),
      'context.strongest': integers(({ item }) => item.strongest.key),
      'context.strongest_token': integers(({ item }) => item.strongest.id),
      'context.strongest_weight': numbers(({ item }) => item.strongest.weight),
      ...{ token, weight }
    },
    hasBaseline ? {} : { no_baseline: 'Which keys a query sees is not known of this graph.' }
  )
  const ofScore = [
    'mean',
    'baseline',
    'cell.low',
    'cell.high',
    'bin.low',
    'bin.high',
    'context.score'
  ]
  const withUnits = Object.entries(result.variables).map(([name, own]) => [
    name,
    ofScore.includes(name) ? { ...own, unit } : own
  ])
  return { ...result, variables: Object.fromEntries(withUnits) as Dataset['variables'] }
}
