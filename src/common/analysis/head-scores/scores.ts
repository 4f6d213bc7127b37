import type { Given } from '../analysis.ts'
import { classNames } from '../token-classes.ts'
import type { HeadSums } from './head-sums.ts'
import type { WindowPlan } from './window-plan.ts'

const nClasses = classNames.length

/** What the sums are divided by: the same for every head. */
export interface QueryCounts {
  windows: number
  /** Queries, over all windows. */
  queries: number
  /** Pairs of a token and the one before it. */
  neighbours: number
  /** Pairs of a query and an earlier copy of its token. */
  pairs: number
  /** Queries that have an earlier copy. */
  withCopy: number
  /** Σ over windows of n − d, at d: queries that have a key d before them, or a query d after a key. */
  reaching: Float64Array
  /** Queries in windows that have a token at `[k]`. */
  beside: Float64Array
  /** Tokens of each class. */
  readonly classes: Float64Array
}

export function queryCounts(): QueryCounts {
  return {
    windows: 0,
    queries: 0,
    neighbours: 0,
    pairs: 0,
    withCopy: 0,
    reaching: new Float64Array(0),
    beside: new Float64Array(0),
    classes: new Float64Array(nClasses)
  }
}

export function countWindow(counts: QueryCounts, plan: WindowPlan): void {
  const { size } = plan
  counts.windows++
  counts.queries += size
  counts.neighbours += size - 1
  counts.pairs += plan.pairs
  counts.withCopy += plan.queriesWithCopy
  for (const name of ['reaching', 'beside'] as const) {
    if (counts[name].length >= size) continue
    const longer = new Float64Array(size)
    longer.set(counts[name])
    counts[name] = longer
  }
  for (let i = 0; i < size; i++) {
    counts.reaching[i]! += size - i
    counts.beside[i]! += size
  }
  plan.classCounts.forEach((count, c) => (counts.classes[c]! += count))
}

/** Which scores there are to give. */
export interface ScoreKinds {
  /** Queries see only what is before them. */
  readonly causal: boolean
  /** Tokens have texts, and these have classes. */
  readonly classes: boolean
  /** Heads have attention sinks, which take part of every row. */
  readonly sinks?: boolean
}

/** One score: what it is, and how it comes from the sums of one head. */
interface Score extends Given {
  readonly only?: (kinds: ScoreKinds) => boolean
  readonly of: (
    sums: HeadSums,
    head: number,
    counts: QueryCounts,
    kinds: ScoreKinds
  ) => Float64Array
}

const single = (value: number) => Float64Array.of(value)

/** All that a head's pattern weighs: the number of queries, but for rounding, less what an attention sink takes. */
function total(sums: HeadSums, head: number): number {
  const { size, offset, forward } = sums
  let sum = 0
  for (let i = head * size; i < (head + 1) * size; i++) sum += offset[i]!
  // A token's weight on itself is among both.
  for (let i = head * size + 1; i < (head + 1) * size; i++) sum += forward[i]!
  return sum
}

const previous = ({ offset, size }: HeadSums, head: number) =>
  size < 2 ? 0 : offset[head * size + 1]!

/** 1 − Σ|A − P| / n: where P is 0, |A − P| is A, and where it is 1, 1 − A. */
function closeness(all: number, onPairs: number, pairs: number, queries: number): number {
  return 1 - (all - 2 * onPairs + pairs) / queries
}

/** Of one head; its axes follow [layer, head]. */
export const scores: readonly Score[] = [
  {
    name: 'offset',
    axes: ['offset'],
    unit: '',
    about: 'mean over q of A[q, q − d]; d = 0 is the token itself, 1 the previous token',
    of: ({ offset, size }, head, { reaching }) =>
      offset.slice(head * size, (head + 1) * size).map((sum, d) => sum / reaching[d]!)
  },
  {
    name: 'offset_forward',
    axes: ['offset'],
    unit: '',
    about: 'mean over q of A[q, q + d]; encoders only',
    only: ({ causal }) => !causal,
    of: ({ forward, size }, head, { reaching }) =>
      forward.slice(head * size, (head + 1) * size).map((sum, d) => sum / reaching[d]!)
  },
  {
    name: 'duplicate',
    axes: [],
    unit: '',
    about: 'Σ of A[q, k] over k < q with t_k = t_q, mean over the queries that have one',
    of: ({ duplicate }, head, { withCopy }) => single(duplicate[head]! / withCopy)
  },
  {
    name: 'induction',
    axes: [],
    unit: '',
    about: 'Σ of A[q, k] over k ≤ q with t_{k−1} = t_q, mean over the queries that have one',
    of: ({ induction }, head, { withCopy }) => single(induction[head]! / withCopy)
  },
  ...(['previous', 'duplicate', 'induction'] as const).flatMap((kind): Score[] => {
    const onPairs = (sums: HeadSums, head: number) =>
      kind === 'previous' ? previous(sums, head) : sums[kind][head]!
    const pairs = ({ neighbours, pairs }: QueryCounts) => (kind === 'previous' ? neighbours : pairs)
    return [
      {
        name: `${kind}_mul`,
        axes: [],
        unit: '',
        about: `ΣA∘P / ΣA with P the 0/1 mask of the ${kind} pairs`,
        of: (sums, head) => single(onPairs(sums, head) / total(sums, head))
      },
      {
        name: `${kind}_abs`,
        axes: [],
        unit: '',
        about: `1 − Σ|A − P| / n with P the 0/1 mask of the ${kind} pairs`,
        of: (sums, head, counts) =>
          single(closeness(total(sums, head), onPairs(sums, head), pairs(counts), counts.queries))
      }
    ]
  }),
  {
    name: 'entropy',
    axes: [],
    unit: 'nats',
    about: 'mean over q of −Σ_k A ln A',
    of: ({ entropy }, head, { queries }) => single(entropy[head]! / queries)
  },
  {
    name: 'entropy_smoothed',
    axes: [],
    unit: 'nats',
    about: 'the same of 0.9999 A + 0.0001/n over all n keys',
    of: ({ smoothed }, head, { queries }) => single(smoothed[head]! / queries)
  },
  {
    name: 'distance',
    axes: [],
    unit: 'tokens',
    about: 'ΣA·|q − k| / ΣA',
    of(sums, head) {
      const { offset, forward, size } = sums
      let sum = 0
      for (let d = 1; d < size; d++)
        sum += d * (offset[head * size + d]! + forward[head * size + d]!)
      return single(sum / total(sums, head))
    }
  },
  {
    name: 'sink',
    axes: ['key'],
    unit: '',
    about: 'decoders: Σ_q A[q, k] / (n − k), at k = 0 the sink score; encoders: Σ_q A[q, k] / n',
    of: ({ sink, size }, head, { reaching, beside }, { causal }) =>
      sink
        .slice(head * size, (head + 1) * size)
        .map((sum, key) => sum / (causal ? reaching : beside)[key]!)
  },
  {
    name: 'attention_sink',
    axes: [],
    unit: '',
    about:
      'mean over q of 1 − Σ_k A[q, k]: what the head’s attention sink takes, which is no key; models that have such alone',
    only: ({ sinks = false }) => sinks,
    of: (sums, head, { queries }) => single(1 - total(sums, head) / queries)
  },
  {
    name: 'class_mass',
    axes: ['class'],
    unit: '',
    about: 'mean over q of Σ of A[q, k] over the k of the class',
    only: ({ classes }) => classes,
    of: ({ mass }, head, { queries }) =>
      mass.slice(head * nClasses, (head + 1) * nClasses).map(sum => sum / queries)
  },
  {
    name: 'class_from_to',
    axes: ['from_class', 'to_class'],
    unit: '',
    about: 'mean over the queries of one class of the mass on another; NaN where no query is of it',
    only: ({ classes }) => classes,
    of: ({ fromTo }, head, { classes }) =>
      fromTo
        .slice(head * nClasses ** 2, (head + 1) * nClasses ** 2)
        .map((sum, i) => sum / classes[Math.floor(i / nClasses)]!)
  }
]

/**
 * Every score of some heads, under its name with a prefix.
 * @param rows the row of the sums that each of them has
 */
export function scoresOf(
  sums: HeadSums,
  counts: QueryCounts,
  kinds: ScoreKinds,
  { prefix, rows }: { readonly prefix: string; readonly rows: readonly number[] }
): Record<string, Float64Array> {
  const given = scores.filter(({ only }) => only?.(kinds) ?? true)
  return Object.fromEntries(
    given.map(({ name, of }) => {
      const each = rows.map(row => of(sums, row, counts, kinds))
      const width = each[0]?.length ?? 0
      const data = new Float64Array(rows.length * width)
      each.forEach((values, i) => data.set(values, i * width))
      return [`${prefix}${name}`, data]
    })
  )
}
