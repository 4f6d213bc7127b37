import type { ModelFacts } from '../analysis.ts'
import type { EarlierCopies } from '../earlier-copies.ts'
import { rootScale, linearScale, logScale, type ScoreScale } from './score-scale.ts'

/** What one query of a head gives its keys. */
export interface QueryRow {
  /** [key] */
  readonly weights: Float32Array
  readonly query: number
  /** The keys that it sees: from `start`, before `end`. */
  readonly start: number
  readonly end: number
  readonly copies: EarlierCopies
  /** The first key is left out, and the others divided by what is left. */
  readonly firstHidden: boolean
}

/** A number that each query of a head has by itself. */
export interface QueryScore {
  readonly name: QueryScoreName
  /** As it is said. */
  readonly words: string
  readonly unit: string
  readonly about: string
  /** NaN of a query that has none. */
  readonly of: (row: QueryRow) => number
  readonly scale: (model: Pick<ModelFacts, 'config'>) => ScoreScale
}

export const queryScoreNames = [
  'previous_token',
  'self',
  'first_token',
  'duplicate_token',
  'induction',
  'max_weight',
  'max_beyond_first',
  'entropy',
  'distance'
] as const
export type QueryScoreName = (typeof queryScoreNames)[number]

const share = (
  name: QueryScoreName,
  words: string,
  about: string,
  of: QueryScore['of']
): QueryScore => ({
  ...{ name, words, about, of },
  unit: '',
  scale: () => rootScale
})

/** Scores of head-scores before the mean over queries is taken, and the largest weight. */
export const queryScores: readonly QueryScore[] = [
  share(
    'previous_token',
    'previous token',
    'A[q, q − 1], of the queries that have a token before them',
    row => weightOn(row, row.query - 1)
  ),
  share('self', 'itself', 'A[q, q]', row => weightOn(row, row.query)),
  share('first_token', 'first token', 'A[q, 0]', row => weightOn(row, 0)),
  share(
    'duplicate_token',
    'duplicate token',
    'Σ of A[q, k] over k < q with t_k = t_q, of the queries that have such a k',
    row => overCopies(row, 0)
  ),
  share(
    'induction',
    'induction',
    'Σ of A[q, k] over 1 ≤ k ≤ q with t_{k−1} = t_q, of the queries that have such a k',
    row => overCopies(row, 1)
  ),
  share('max_weight', 'largest weight', 'max over k of A[q, k]', ({ weights, start, end }) =>
    largest(weights, start, end)
  ),
  share(
    'max_beyond_first',
    'largest beyond the first',
    'max over k > 0 of A[q, k]',
    ({ weights, start, end }) => largest(weights, Math.max(1, start), end)
  ),
  {
    name: 'entropy',
    words: 'entropy',
    unit: 'nats',
    about: '−Σ_k A[q, k] ln A[q, k]',
    of: entropy,
    scale: ({ config }) => linearScale(Math.log(Math.max(2, config?.nCtx ?? 2)))
  },
  {
    name: 'distance',
    words: 'distance',
    unit: 'tokens',
    about: 'Σ_k A[q, k]·|q − k| / Σ_k A[q, k]',
    of: distance,
    scale: ({ config }) => logScale(Math.max(2, config?.nCtx ?? 2))
  }
]

export function queryScoreNamed(name: QueryScoreName): QueryScore {
  return queryScores.find(score => score.name === name)!
}

/** NaN where there is no such key, or where it is hidden. */
function weightOn({ weights, firstHidden }: QueryRow, key: number): number {
  return key < (firstHidden ? 1 : 0) ? NaN : weights[key]!
}

function overCopies({ weights, query, copies, firstHidden }: QueryRow, after: 0 | 1): number {
  const start = copies.starts[query]!
  const last = start + copies.counts[query]!
  // They are in order: if any is the hidden key, it is the first.
  const isHidden = firstHidden && start < last && copies.places[start]! + after === 0
  const first = isHidden ? start + 1 : start
  if (first === last) return NaN
  let sum = 0
  for (let i = first; i < last; i++) sum += weights[copies.places[i]! + after]!
  return sum
}

function largest(weights: Float32Array, start: number, end: number): number {
  let most = NaN
  for (let key = start; key < end; key++) if (!(weights[key]! <= most)) most = weights[key]!
  return most
}

function entropy({ weights, start, end }: QueryRow): number {
  let sum = 0
  for (let key = start; key < end; key++) {
    const weight = weights[key]!
    if (weight !== 0) sum -= weight * Math.log(weight)
  }
  return Math.max(0, sum)
}

function distance({ weights, query, start, end }: QueryRow): number {
  let sum = 0
  let total = 0
  for (let key = start; key < end; key++) {
    sum += weights[key]! * Math.abs(query - key)
    total += weights[key]!
  }
  return sum / total
}
