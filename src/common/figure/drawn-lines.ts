import { visibleKeys, type Visibility } from '../model/visibility.ts'

/** One weight of one of several heads, or a difference of two weights. */
export interface AttentionLine {
  readonly query: number
  readonly key: number
  /** Which of the heads it is of. */
  readonly head: number
  readonly weight: number
}

/** Of which tokens lines are drawn: of one, or of the queries between two rows. */
export type LinesOf =
  | { readonly side: 'query' | 'key'; readonly position: number }
  | { readonly from: number; readonly to: number }

/** The lines that are drawn, the strongest last, and what is left out of them. */
export interface DrawnLines {
  readonly lines: readonly AttentionLine[]
  /** Weights other than zero that are left out. */
  readonly left: number
  /** Their share of what is looked at, by their size: 0 to 1. */
  readonly leftShare: number
}

/**
 * The weights that are drawn as lines: those of a token, or of some queries, that are at least so strong; and no more
 * than `most`, of which the strongest. Differences are as strong as they are far from zero.
 * @param patterns [query, key] of each head, of `size` each, or differences of two
 * @param visibility null where it is not known which keys a query sees
 */
export function drawnLines(
  patterns: readonly Float32Array[],
  size: number,
  visibility: Visibility | null,
  of: LinesOf,
  least: number,
  most: number
): DrawnLines {
  const lines: AttentionLine[] = []
  let left = 0
  let leftWeight = 0
  let whole = 0
  const take = (head: number, query: number, key: number) => {
    const weight = patterns[head]![query * size + key]!
    const strength = Math.abs(weight)
    if (!(strength > 0)) return
    whole += strength
    if (strength >= least) lines.push({ query, key, head, weight })
    else {
      left++
      leftWeight += strength
    }
  }
  const takeKeys = (head: number, query: number) => {
    const { start, end } =
      visibility === null ? { start: 0, end: size } : visibleKeys(visibility, query, size)
    for (let key = start; key < end; key++) take(head, query, key)
  }
  for (let head = 0; head < patterns.length; head++) {
    if ('from' in of)
      for (let query = Math.max(0, of.from); query < Math.min(size, of.to); query++)
        takeKeys(head, query)
    else if (of.side === 'query') takeKeys(head, of.position)
    else for (let query = 0; query < size; query++) take(head, query, of.position)
  }
  lines.sort((a, b) => Math.abs(a.weight) - Math.abs(b.weight))
  for (const { weight } of lines.splice(0, Math.max(0, lines.length - most))) {
    left++
    leftWeight += Math.abs(weight)
  }
  return { lines, left, leftShare: whole > 0 ? leftWeight / whole : 0 }
}
