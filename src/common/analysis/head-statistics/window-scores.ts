import type { HeadSums } from '../head-scores/head-sums.ts'
import { scores, type QueryCounts, type ScoreKinds } from '../head-scores/scores.ts'
import { classNames } from '../token-classes.ts'

/** One number of a head and a window: a score, or one entry of one. */
export interface WindowScore {
  readonly name: string
  /** A share of attention, which more of than the baseline is a finding. */
  readonly isMass: boolean
  readonly unit: string
  /** The score of head-scores that it is of, and which entry. */
  readonly of: string
  readonly at: number
  /** What it is a mean over; 0 where a window has none. */
  readonly weight: (counts: QueryCounts) => number
}

const queries = ({ queries }: QueryCounts) => queries
const withCopy = ({ withCopy }: QueryCounts) => withCopy

/** What is told of every head and window, classes of tokens apart. */
export const windowScores: readonly WindowScore[] = [
  mass('previous_token', 'offset', 1, ({ neighbours }) => neighbours),
  mass('self', 'offset', 0, queries),
  mass('first_token', 'sink', 0, queries),
  mass('duplicate_token', 'duplicate', 0, withCopy),
  mass('induction', 'induction', 0, withCopy),
  { ...mass('entropy', 'entropy', 0, queries), isMass: false, unit: 'nats' },
  { ...mass('distance', 'distance', 0, queries), isMass: false, unit: 'tokens' }
]

function mass(name: string, of: string, at: number, weight: WindowScore['weight']): WindowScore {
  return { name, isMass: true, unit: '', of, at, weight }
}

/** A head's number of one window. */
export function scoreOf(
  { of, at }: WindowScore,
  sums: HeadSums,
  head: number,
  counts: QueryCounts,
  kinds: ScoreKinds
): number {
  const score = scores.find(({ name }) => name === of)!
  return score.of(sums, head, counts, kinds)[at] ?? NaN
}

/** A class of tokens that attention goes to. */
export interface AttendedClass {
  readonly name: string
  /**
   * Whether each token is of it.
   * @param texts null for a special token
   * @param bits its classes, as `tokenClasses` gives them
   */
  readonly has: (text: string | null, bits: number) => boolean
}

/**
 * All classes that attention is counted to: those of characters, special tokens, and those that regular expressions
 * tell of the text of a token.
 */
export function attendedClasses(own: Readonly<Record<string, string>>): AttendedClass[] {
  return [
    ...classNames.map((name, c) => ({
      name,
      has: (_: string | null, bits: number) => ((bits >> c) & 1) === 1
    })),
    { name: 'special', has: text => text === null },
    ...Object.entries(own).map(([name, source]) => {
      const expression = new RegExp(source, 'u')
      return { name, has: (text: string | null) => text !== null && expression.test(text) }
    })
  ]
}

/** The share of a head's attention that goes to some keys: mean over queries. */
export function shareTo(
  keys: readonly number[],
  { sink, size }: HeadSums,
  head: number,
  queries: number
): number {
  return keys.reduce((sum, key) => sum + sink[head * size + key]!, 0) / queries
}

/** What letters attend to, of which all heads together have a number. */
export const letterTargets = ['vowel', 'consonant', 'space'] as const

const nClasses = classNames.length
/** Every letter is of one of these. */
const letterClasses = ['vowel', 'consonant'].map(name =>
  (classNames as readonly string[]).indexOf(name)
)

/** Queries that are letters. */
export function letterCount({ classes }: QueryCounts): number {
  return letterClasses.reduce((sum, c) => sum + classes[c]!, 0)
}

/** The share of the attention of letters that goes to a class: mean over letters. */
export function letterShareTo(
  target: (typeof letterTargets)[number],
  { fromTo }: HeadSums,
  head: number,
  letters: number
): number {
  const to = classNames.indexOf(target)
  const from = (c: number) => fromTo[(head * nClasses + c) * nClasses + to]!
  return letterClasses.reduce((sum, c) => sum + from(c), 0) / letters
}
