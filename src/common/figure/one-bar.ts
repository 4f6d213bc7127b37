import type { Look } from './look.ts'

/** Where each of several figures has its bar of colours. */
export type SharedBar = Exclude<Look['bar'], undefined>

/** A figure of a kind, of which colours may stand for values. */
interface Colored {
  /** Name of its kind. */
  readonly kind: string
  readonly data: unknown
  readonly look: Pick<Look, 'follows' | 'colorMap' | 'scale' | 'range'>
}

/** Kinds whose bar of colours says what values of a range they stand for. */
const ranged = [
  ...['attention-map', 'distance-matrix', 'head-grid', 'head-map', 'shaded-text', 'token-grid'],
  'weight-map'
]

/**
 * What the colours of a figure stand for, and how: figures of which that is the same can be of one range, and have one bar then.
 * @returns null where they are of no range, as those of ranks are not
 */
export function colorMeaning({ kind, data, look }: Colored): string | null {
  if (typeof data !== 'object' || data === null || !ranged.includes(kind)) return null
  const { quantity, unit, name, firstHidden, ranks } = data as Readonly<Record<string, unknown>>
  if (typeof ranks === 'number') return null
  const { follows, colorMap, scale, range } = look
  return JSON.stringify([
    ...[kind, quantity, unit, name, firstHidden, colorMap, scale],
    follows ? null : range
  ])
}

/** The same of a figure in a range that is not its own alone, and which that is; else null. */
export function sharedMeaning(
  figure: Colored & { readonly look: Pick<Look, 'shared'> }
): string | null {
  const { look } = figure
  return look.shared === true
    ? colorMeaning({ ...figure, look: { ...look, follows: false } })
    : null
}

/** One of several figures that may have one bar. */
interface BarSharer {
  /** What its colours stand for, in the range of all; null where that is its own, or there is none. */
  readonly meaning: string | null
  readonly bar?: Look['bar']
}

/** Whether one bar tells of the colours of all, or they are kept so, as parts of one tensor are. */
export function haveOneBar(all: readonly BarSharer[]): boolean {
  const [first] = all
  if (first === undefined || all.length === 1) return false
  const isKept = all.every(({ bar }, i) => bar === (i < all.length - 1 ? false : undefined))
  return isKept || (first.meaning !== null && all.every(({ meaning }) => meaning === first.meaning))
}

/**
 * One bar for figures on a page whose colours stand for the same: it lies below the first of a row, where all of them begin, or below
 * the last of a column, so that their maps are as large as each other.
 */
export function oneBar(count: number, way: 'row' | 'column'): SharedBar[] {
  const at = way === 'row' ? 0 : count - 1
  return Array.from({ length: count }, (_, i) => (i === at ? 'below' : false))
}

/** What that takes below the one that has it. @param heightOf how high it is with a bar, or without one */
export function oneBarRoom(heightOf: (bar: SharedBar) => number): number {
  return heightOf('below') - heightOf(false)
}
