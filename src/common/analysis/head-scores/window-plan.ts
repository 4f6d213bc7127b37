import { visibleKeys, type Visibility } from '../../model/visibility.ts'
import type { Window } from '../analysis.ts'
import { earlierCopies, type EarlierCopies } from '../earlier-copies.ts'
import { classNames, tokenClasses } from '../token-classes.ts'

/** What the scores of every head of a window share: it is worked out once. */
export interface WindowPlan {
  /** Tokens. */
  readonly size: number
  readonly copies: EarlierCopies
  /** Pairs of a query and an earlier copy of its token. */
  readonly pairs: number
  /** Queries that have one. */
  readonly queriesWithCopy: number
  /** [pos], the set of classes of each token, by its number in `sets`. */
  readonly setOf: Int32Array
  /** The different sets of classes that there are, as bits. */
  readonly sets: readonly number[]
  /** Tokens of each class. */
  readonly classCounts: Int32Array
}

export function windowPlan({ ids, texts }: Window): WindowPlan {
  const copies = earlierCopies(ids)
  const classes = texts === null ? new Uint16Array(ids.length) : tokenClasses(texts)
  const sets = [...new Set(classes)]
  const numbers = new Map(sets.map((bits, i) => [bits, i]))
  return {
    size: ids.length,
    copies,
    pairs: copies.counts.reduce((sum, count) => sum + count, 0),
    queriesWithCopy: copies.counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0),
    setOf: Int32Array.from(classes, bits => numbers.get(bits)!),
    sets,
    classCounts: Int32Array.from(
      classNames,
      (_, c) => classes.filter(bits => (bits >> c) & 1).length
    )
  }
}

/** The first key that each query sees, and the one after the last: [pos] each. */
export interface VisibleRange {
  readonly starts: Int32Array
  readonly ends: Int32Array
}

export function visibleRange(visibility: Visibility, size: number): VisibleRange {
  const starts = new Int32Array(size)
  const ends = new Int32Array(size)
  for (let query = 0; query < size; query++) {
    const { start, end } = visibleKeys(visibility, query, size)
    starts[query] = start
    ends[query] = end
  }
  return { starts, ends }
}
